/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Objects in memory, by path: GET with a range, HEAD, PUT, DELETE. */
public final class ObjectOrigin implements Origin {
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");

  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();

  /** Puts an object. */
  public ObjectOrigin with(String path, byte[] content) {
    objects.put(path, content);
    return this;
  }

  /** The object's bytes; null without one. */
  public byte[] content(String path) {
    return objects.get(path);
  }

  @Override
  public WireMessage answer(WireMessage request) throws IOException {
    String path = request.target().split("\\?")[0];
    switch (request.method()) {
      case "PUT" -> {
        objects.put(path, request.body());
        return WireMessage.answer(200, Map.of("etag", "\"1\""), new byte[0]);
      }
      case "DELETE" -> {
        objects.remove(path);
        return WireMessage.answer(204, Map.of(), new byte[0]);
      }
      default -> {
        byte[] content = objects.get(path);
        if (content == null) {
          return WireMessage.answer(
              404,
              Map.of(),
              "<Error><Code>NoSuchKey</Code></Error>".getBytes(StandardCharsets.UTF_8));
        }
        WireMessage answer = range(request, content);
        return request.method().equals("HEAD") ? answer.withBody(new byte[0]) : answer;
      }
    }
  }

  private static WireMessage range(WireMessage request, byte[] content) {
    Matcher range = RANGE.matcher(request.header("range").orElse(""));
    if (!range.matches()) {
      return WireMessage.answer(200, Map.of("etag", "\"1\""), content);
    }
    int from = Integer.parseInt(range.group(1));
    int to = Math.min(content.length, Integer.parseInt(range.group(2)) + 1);
    if (from >= content.length) {
      return WireMessage.answer(416, Map.of(), new byte[0]);
    }
    return WireMessage.answer(
        206,
        Map.of("content-range", "bytes %d-%d/%d".formatted(from, to - 1, content.length)),
        Arrays.copyOfRange(content, from, to));
  }
}
