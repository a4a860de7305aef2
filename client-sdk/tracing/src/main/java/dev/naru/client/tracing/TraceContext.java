package dev.naru.client.tracing;

import dev.naru.client.ConsumerRecord;
import dev.naru.client.ProducerRecord;
import dev.naru.record.RecordHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where a record belongs in a trace, as the W3C's recommendation "Trace Context" (level 1) writes
 * it: in the headers {@code traceparent} and {@code tracestate}. What does not follow its rules
 * counts as absent, as it says itself: a trace is never a reason to fail.
 *
 * @param traceId 32 hexadecimal digits in lower case, not all zero
 * @param parentId 16 of them, not all zero: the span within which the record was sent
 * @param isSampled whether who sent it may have recorded the trace
 * @param state what tracing systems add for themselves, as in {@code tracestate}; may be empty
 */
public record TraceContext(String traceId, String parentId, boolean isSampled, String state) {

  /** The name of the header with the ids. */
  public static final String TRACEPARENT = "traceparent";

  /** The name of the header with what systems add. */
  public static final String TRACESTATE = "tracestate";

  private static final Pattern TRACE_ID = Pattern.compile("(?!0{32})[0-9a-f]{32}");
  private static final Pattern PARENT_ID = Pattern.compile("(?!0{16})[0-9a-f]{16}");

  /** Later versions may have more behind it; version ff is none. */
  private static final Pattern PARENT =
      Pattern.compile(
          "(?<version>(?!ff)[0-9a-f]{2})-(?<trace>[0-9a-f]{32})-(?<parent>[0-9a-f]{16})"
              + "-(?<flags>[0-9a-f]{2})(?<more>-.*)?");

  private static final int SAMPLED = 1;

  /** Refuses what has another form. */
  public TraceContext {
    require(TRACE_ID.matcher(traceId).matches(), "32 digits of a trace's id", traceId);
    require(PARENT_ID.matcher(parentId).matches(), "16 digits of a span's id", parentId);
    require(state.isEmpty() || TraceState.isValid(state), "a tracestate", state);
  }

  private static void require(boolean holds, String what, String value) {
    if (!holds) {
      throw new IllegalArgumentException("Expected " + what + ", but was " + value);
    }
  }

  /** The context of these two headers; a {@code tracestate} against the rules is left out. */
  public static Optional<TraceContext> parse(String traceparent, String tracestate) {
    var parts = PARENT.matcher(traceparent.strip());
    if (!parts.matches()
        || (parts.group("more") != null && parts.group("version").equals("00"))
        || !TRACE_ID.matcher(parts.group("trace")).matches()
        || !PARENT_ID.matcher(parts.group("parent")).matches()) {
      return Optional.empty();
    }
    boolean isSampled = (Integer.parseInt(parts.group("flags"), 16) & SAMPLED) != 0;
    String state = TraceState.isValid(tracestate.strip()) ? tracestate.strip() : "";
    return Optional.of(
        new TraceContext(parts.group("trace"), parts.group("parent"), isSampled, state));
  }

  /** The context in which a record was sent, if it says so. */
  public static Optional<TraceContext> of(ConsumerRecord<?, ?> record) {
    return of(record.headers());
  }

  /** The context that a record has before it is sent. */
  public static Optional<TraceContext> of(ProducerRecord<?, ?> record) {
    return of(record.headers());
  }

  /** Two parents are none; what systems add may be in several headers. */
  private static Optional<TraceContext> of(List<RecordHeader> headers) {
    var parents = valuesOf(headers, TRACEPARENT);
    return parents.size() == 1
        ? parse(parents.get(0), String.join(",", valuesOf(headers, TRACESTATE)))
        : Optional.empty();
  }

  private static List<String> valuesOf(List<RecordHeader> headers, String name) {
    return headers.stream()
        .filter(header -> header.name().equals(name))
        .map(header -> header.value().map(TraceContext::text).orElse(""))
        .collect(Collectors.toList());
  }

  private static String text(ByteBuffer value) {
    return StandardCharsets.ISO_8859_1.decode(value.duplicate()).toString();
  }

  /** The same trace within another span, such as that of who reads the record. */
  public TraceContext within(String spanId) {
    return new TraceContext(traceId, spanId, isSampled, state);
  }

  /** The value of the header {@code traceparent}. */
  public String traceparent() {
    return "00-" + traceId + "-" + parentId + "-" + (isSampled ? "01" : "00");
  }
}
