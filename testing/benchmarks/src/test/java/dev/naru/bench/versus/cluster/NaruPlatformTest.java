package dev.naru.bench.versus.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.bench.versus.result.Measure;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class NaruPlatformTest {

  private final NaruPlatform naru =
      new NaruPlatform("/jdk/bin/java", Path.of("/clone/naru"), "0123abc");

  @Test
  void readsTheSummaryBetweenLinesOfProgress() {
    var line =
        "{\"topic\":\"t\",\"records\":10,\"seconds\":0.5,\"latencyMs\":{\"p50\":1,\"p99\":2.5,"
            + "\"p999\":3,\"max\":4}}";

    var reader = naru.roundTripReader();
    assertThat(reader.apply("10 of 20, p50 1.00 ms")).isEmpty();
    var figures = reader.apply(line).orElseThrow();

    assertThat(figures.records()).isEqualTo(10);
    assertThat(figures.seconds()).hasValue(0.5);
    assertThat(figures.latencies()).containsEntry(Measure.P99_MILLIS, 2.5);
  }

  @Test
  void readsTheSummaryOfAConsumerWhichHasNoLatencies() {
    assertThat(naru.consumed("{\"topic\":\"t\",\"records\":10,\"seconds\":0.5}"))
        .hasValueSatisfying(figures -> assertThat(figures.latencies()).isEmpty());
  }

  @Test
  void passesOverWhatIsNoJson() {
    assertThat(naru.consumed("{nonsense")).isEmpty();
    assertThat(naru.consumed("{\"topic\":\"t\"}")).isEmpty();
  }

  @Test
  void findsLeadersAndTheController() {
    var topic = "{\"partitions\":[{\"partition\":0,\"leader\":2},{\"partition\":1}]}";

    assertThat(naru.leaders(List.of(topic))).containsExactly(2);
    assertThat(naru.controller(List.of("{\"clusterId\":\"x\",\"controller\":3}"))).isEqualTo(3);
  }

  @Test
  void runsOnTheJdkOfTheBenchmark() {
    assertThat(naru.listTopics("s").environment()).containsEntry("NARU_JAVA_HOME", "/jdk");
  }
}
