package dev.naru.broker.rpc;

import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;

/**
 * Cuts sorted lists into pages. A token is the last key of the page before, opaque to the caller.
 */
final class Paging {

  private static final int SIZE_DEFAULT = 100;
  private static final int SIZE_MAX = 1_000;

  private Paging() {}

  /** A page, and the token of the next one: empty on the last. */
  record Page<T>(List<T> items, String nextToken) {}

  /** The page that follows the token, of items sorted by their key. */
  static <T, K extends Comparable<K>> Page<T> of(
      List<T> sorted, int size, String token, Function<T, K> keyOf, Function<String, K> parse) {
    if (size < 0) {
      throw ErrorStatus.ofField(
          new Refused(ErrorCode.INVALID_REQUEST, "Expected page_size >= 0, but was " + size),
          "page_size");
    }
    int limit = size == 0 ? SIZE_DEFAULT : Math.min(size, SIZE_MAX);
    var rest = token.isEmpty() ? sorted : after(sorted, decode(token, parse), keyOf);
    var page = rest.subList(0, Math.min(limit, rest.size()));
    return new Page<>(
        page, page.size() == rest.size() ? "" : encode(keyOf.apply(page.getLast()).toString()));
  }

  private static <T, K extends Comparable<K>> List<T> after(
      List<T> sorted, K last, Function<T, K> keyOf) {
    return sorted.stream().filter(item -> keyOf.apply(item).compareTo(last) > 0).toList();
  }

  private static String encode(String key) {
    return Base64.getUrlEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  private static <K> K decode(String token, Function<String, K> parse) {
    try {
      return parse.apply(new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw ErrorStatus.ofField(
          new Refused(
              ErrorCode.INVALID_REQUEST,
              "Expected a page_token of an earlier answer, but was " + token),
          "page_token");
    }
  }
}
