package dev.naru.cli.perf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.json.JsonWriter;
import dev.naru.cli.output.Notes;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class RoundTripsTest {

  private final LoopbackTopic topic = new LoopbackTopic();
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final RoundTrips trips =
      new RoundTrips(
          "t",
          topic,
          topic.consumer(),
          new Notes(new PrintStream(said, true, UTF_8)),
          topic::nowNanos);

  @Test
  void measuresFromTheSendUntilTheConsumerReturnsTheRecord() {
    var report = trips.run(0, 100, 10);

    assertThat(JsonWriter.compact(report.json()))
        .isEqualTo(
            "{\"topic\":\"t\",\"records\":100,\"seconds\":0.3,\"latencyMs\":"
                + "{\"mean\":3.001,\"p50\":3.001,\"p95\":3.001,\"p99\":3.001,\"p999\":3.001,\"max\":3.001}}");
  }

  @Test
  void doesNotCountTheWarmup() {
    var report = trips.run(50, 100, 10);

    assertThat(topic.count()).isEqualTo(150);
    assertThat(report.latencies().count()).isEqualTo(100);
  }

  @Test
  void tellsItsProgressOnceASecond() {
    trips.run(0, 1000, 10);

    assertThat(said.toString(UTF_8)).hasLineCount(2).startsWith("334 of 1,000, p50 3.00 ms");
  }

  @Test
  void refusesARecordThatSomebodyElseSent() {
    topic.hasOtherWriter();

    assertThatThrownBy(() -> trips.run(0, 1, 10))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("Expected only the record that was sent");
  }
}
