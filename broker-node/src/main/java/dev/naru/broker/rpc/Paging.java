package dev.naru.broker.rpc;

import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
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
    int limit = limit(size);
    var rest = last(token, parse).map(last -> after(sorted, last, keyOf)).orElse(sorted);
    var page = rest.subList(0, Math.min(limit, rest.size()));
    return new Page<>(page, page.size() == rest.size() ? "" : token(keyOf.apply(page.getLast())));
  }

  /** How many items a page of this size may have, for those who cut their pages themselves. */
  static int limit(int size) {
    if (size < 0) {
      throw ErrorStatus.ofField(
          new Refused(ErrorCode.INVALID_REQUEST, "Expected page_size >= 0, but was " + size),
          "page_size");
    }
    return size == 0 ? SIZE_DEFAULT : Math.min(size, SIZE_MAX);
  }

  /** The last key of the page before; empty for the first page. */
  static <K> Optional<K> last(String token, Function<String, K> parse) {
    return token.isEmpty() ? Optional.empty() : Optional.of(decode(token, parse));
  }

  /** The token of the page that follows this key. */
  static String token(Object last) {
    return encode(last.toString());
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
