package dev.naru.client.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TraceContextTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";

  @Test
  void readsWhatItWrites() {
    for (boolean isSampled : List.of(true, false)) {
      var context = new TraceContext(TRACE, SPAN, isSampled, "congo=t61rcWkgMzE,rojo=00f067aa");

      assertThat(context.traceparent())
          .isEqualTo("00-" + TRACE + "-" + SPAN + (isSampled ? "-01" : "-00"));
      assertThat(TraceContext.parse(context.traceparent(), context.state())).hasValue(context);
    }
  }

  @Test
  void takesLaterVersionsForTheOneItKnows() {
    var known = new TraceContext(TRACE, SPAN, true, "");

    assertThat(TraceContext.parse("01-" + TRACE + "-" + SPAN + "-01", "")).hasValue(known);
    assertThat(TraceContext.parse("cc-" + TRACE + "-" + SPAN + "-ff-what-comes", ""))
        .hasValue(known);
  }

  @Test
  void takesForAbsentWhatIsAgainstTheRules() {
    for (var wrong :
        List.of(
            "",
            TRACE,
            "ff-" + TRACE + "-" + SPAN + "-01",
            "00-" + TRACE + "-" + SPAN + "-01-more",
            "00-" + TRACE + "-" + SPAN,
            "00-" + TRACE + "-" + SPAN + "-1",
            "00-" + TRACE.toUpperCase(java.util.Locale.ROOT) + "-" + SPAN + "-01",
            "00-" + "0".repeat(32) + "-" + SPAN + "-01",
            "00-" + TRACE + "-" + "0".repeat(16) + "-01",
            "00-" + TRACE.substring(1) + "-" + SPAN + "-01",
            "01-" + TRACE + "-" + SPAN + "-01what")) {
      assertThat(TraceContext.parse(wrong, "")).as(wrong).isEmpty();
    }
  }

  @Test
  void leavesOutAStateAgainstTheRules() {
    var parent = "00-" + TRACE + "-" + SPAN + "-01";
    var many =
        IntStream.range(0, 33).mapToObj(i -> "k" + i + "=v").collect(Collectors.joining(","));
    for (var wrong :
        List.of("", "k", "k=", "K=v", "=v", "k=a=b", "k=v,k=w", "k=" + "v".repeat(257), many)) {
      assertThat(TraceContext.parse(parent, wrong).orElseThrow().state()).as(wrong).isEmpty();
    }
    for (var right : List.of("k=v", "a@b=1", "k=v, l=w", "k=v,,l=w", "1@s=v", "k= v")) {
      assertThat(TraceContext.parse(parent, right).orElseThrow().state()).isEqualTo(right);
    }
  }

  @Test
  void goesOnWithinAnotherSpan() {
    var other = new TraceContext(TRACE, SPAN, true, "k=v").within("00f067aa0ba902b7");

    assertThat(other.traceparent()).isEqualTo("00-" + TRACE + "-00f067aa0ba902b7-01");
    assertThat(other.state()).isEqualTo("k=v");
  }

  @Test
  void isNeverMadeOfWhatIsAgainstTheRules() {
    assertThatThrownBy(() -> new TraceContext("x", SPAN, true, ""))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TraceContext(TRACE, "x", true, ""))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TraceContext(TRACE, SPAN, true, "="))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
