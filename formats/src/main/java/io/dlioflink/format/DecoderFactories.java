/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import io.dlioflink.workload.FileFormat;
import java.lang.reflect.InvocationTargetException;
import java.util.Optional;

/** Finds who reads the files of a dataset. */
public final class DecoderFactories {
  private DecoderFactories() {}

  /**
   * The readers of a format, or those that {@code reader.reader_classname} puts in their place.
   *
   * @param className of a {@link DecoderFactory}, if one is named
   * @param loader where to look for it
   * @throws IllegalArgumentException if there is no such class, or it is none that reads files; the
   *     message says what is expected
   */
  public static DecoderFactory find(
      FileFormat format, Optional<String> className, ClassLoader loader) {
    return className.isPresent() ? load(className.get(), loader) : SampleFormats.require(format);
  }

  private static DecoderFactory load(String className, ClassLoader loader) {
    try {
      Class<?> found = Class.forName(className, true, loader);
      if (!DecoderFactory.class.isAssignableFrom(found)) {
        throw new IllegalArgumentException(
            "'%s' does not implement %s".formatted(className, DecoderFactory.class.getName()));
      }
      return (DecoderFactory) found.getConstructor().newInstance();
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException(
          "'%s' is not a Java class on the class path or in a --jar; expected one that implements %s (a reader of DLIO is a Python class, which cannot run here)"
              .formatted(className, DecoderFactory.class.getName()),
          e);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(
          "the constructor of '%s' fails: %s".formatted(className, e.getCause()), e);
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new IllegalArgumentException(
          "'%s' cannot be made: it needs a public constructor without parameters (%s)"
              .formatted(className, e),
          e);
    }
  }
}
