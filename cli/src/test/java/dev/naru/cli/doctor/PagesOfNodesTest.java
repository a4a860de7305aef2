package dev.naru.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What the doctor says of hosts and load, from the pages of metrics that nodes show. */
class PagesOfNodesTest {

  private static final List<String> CLOCK_IS_OFF = List.of("WARN CLOCK_SKEW nodes/3");

  private final SoundCluster cluster = new SoundCluster();

  @Test
  void filesThatRunOut() {
    cluster.showsInstead(1, "open_files{node=\"1\"} 500.0", "open_files{node=\"1\"} 90000.0");
    cluster.showsInstead(2, "max_files{node=\"1\"} 100000.0", "max_files 1024.0");

    assertThat(cluster.faults())
        .containsExactly("ERROR FILE_LIMIT nodes/1", "WARN FILE_LIMIT nodes/2");
  }

  @Test
  void disksThatFillUpOrAreGivenUp() {
    cluster.showsInstead(1, "ratio{dir=\"/data\",node=\"1\"} 0.4", "ratio{dir=\"/data\"} 0.93");
    cluster.showsInstead(2, "ratio{dir=\"/data\",node=\"1\"} 0.4", "ratio{dir=\"/data\"} 0.85");
    cluster.showsInstead(3, "failed{dir=\"/data\",node=\"1\"} 0.0", "failed{dir=\"/d\"} 1.0");

    assertThat(cluster.faults())
        .containsExactly(
            "ERROR DISK_FILLING nodes/1",
            "ERROR STORAGE_FAILED nodes/3",
            "WARN DISK_FILLING nodes/2");
  }

  @Test
  void memoryThatHoldsLessThanHalfAMinuteOfWhatComesIn() {
    cluster.showsInstead(2, "available_bytes{node=\"1\"} 8.0E9", "available_bytes 2.0E7");

    assertThat(cluster.faults()).containsExactly("WARN PAGE_CACHE_SHORT nodes/2");
  }

  @Test
  void aClockThatIsNotAsThoseOfTheOthers() {
    cluster.showsInstead(3, "1.7E9", "1.7000000009E9");
    assertThat(cluster.faults()).isEqualTo(CLOCK_IS_OFF);
    assertThat(cluster.saidOf(Check.CLOCK_SKEW)).isEqualTo("its clock is 0.9 s ahead of others");

    cluster.showsInstead(3, "1.7E9", "1.69999999E9");
    assertThat(cluster.faults()).containsExactly("ERROR CLOCK_SKEW nodes/3");
    assertThat(cluster.saidOf(Check.CLOCK_SKEW)).isEqualTo("its clock is 10.0 s behind others");
  }

  @Test
  void anAnswerThatTookLongProvesNothingOfAClock() {
    cluster.showsInstead(3, "1.7E9", "1.7000000009E9");
    answeredAfter(2, 2_000);
    assertThat(cluster.faults()).isEmpty();

    answeredAfter(2, 10);
    assertThat(cluster.faults()).isEqualTo(CLOCK_IS_OFF);
  }

  /** The clock that others are compared with is not known better than they are. */
  @Test
  void neitherDoesOneOfTheNodeThatOthersAreComparedWith() {
    cluster.nodes.remove(1);
    cluster.showsInstead(3, "1.7E9", "1.7000000009E9");
    answeredAfter(1, 2_000);

    assertThat(cluster.faults()).noneMatch(fault -> fault.contains("CLOCK_SKEW"));
  }

  private void answeredAfter(int place, long millis) {
    var facts = cluster.nodes.get(place);
    cluster.nodes.set(
        place, new NodeFacts(facts.node(), facts.metrics(), "", facts.askedMillis(), millis));
  }

  @Test
  void loadThatIsUnevenAndGroupsThatFallBehind() {
    cluster.showsToo(
        1,
        """
        naru_partition_skew_ratio{node="1",topic="orders"} 6.5
        naru_group_lag_seconds{group="billing",node="1",topic="orders"} 900.0
        naru_group_lag_seconds{group="audit",node="1",topic="orders"} NaN
        """);

    assertThat(cluster.faults())
        .containsExactly("WARN PARTITION_SKEW topics/orders", "WARN GROUP_LAG groups/billing");
  }
}
