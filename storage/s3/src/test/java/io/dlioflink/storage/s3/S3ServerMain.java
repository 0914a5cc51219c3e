/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;

/** Runs S3Proxy for as long as standard input is open: it ends with the tests, however they end. */
public final class S3ServerMain {
  private S3ServerMain() {}

  /** Takes the arguments of S3Proxy. */
  public static void main(String[] args) throws Exception {
    Thread watch = new Thread(S3ServerMain::endWithInput, "input");
    watch.setDaemon(true);
    watch.start();
    try {
      Class.forName("org.gaul.s3proxy.Main")
          .getMethod("main", String[].class)
          .invoke(null, (Object) args);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("S3Proxy did not start", e.getCause());
    }
  }

  private static void endWithInput() {
    try {
      System.in.readAllBytes();
    } catch (IOException e) {
      // Gone as well.
    }
    Runtime.getRuntime().halt(0);
  }
}
