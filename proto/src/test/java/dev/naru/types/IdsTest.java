package dev.naru.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.testing.Seeds;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {

  private static final String TOPIC = "0f8fad5b-d9cb-469f-a165-70867728950e";

  @Test
  void writeWhatTheyRead() {
    Seeds.forEach(
        20,
        (seed, random) -> {
          var topic = TopicId.of(random.nextLong(), random.nextLong());
          var partition = new PartitionId(topic, random.nextInt(Integer.MAX_VALUE));

          assertThat(TopicId.parse(topic.toString())).isEqualTo(topic);
          assertThat(TopicId.of(topic.high(), topic.low())).isEqualTo(topic);
          assertThat(PartitionId.parse(partition.toString())).isEqualTo(partition);
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        TOPIC,
        TOPIC + "-",
        TOPIC + "--1",
        TOPIC + "-+1",
        TOPIC + "-01",
        TOPIC + "-x",
        TOPIC + "-2147483648",
        "0F8FAD5B-D9CB-469F-A165-70867728950E-1",
        "1-2-3-4-5-1",
        "00000000-0000-0000-0000-000000000000-1",
        TOPIC + "-1-1",
        "../" + TOPIC + "-1"
      })
  void refuseTheNameOfADirectoryThatIsNoPartition(String text) {
    assertThatThrownBy(() -> PartitionId.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Expected");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1-2-3-4-5", "orders", "0F8FAD5B-D9CB-469F-A165-70867728950E"})
  void refuseATopicIdInAnotherForm(String text) {
    assertThatThrownBy(() -> TopicId.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Expected");
  }

  @Test
  void stayInOrderAsTheirTextDoes() {
    var ids =
        List.of(
            new PartitionId(TopicId.of(1, 0), 0),
            new PartitionId(TopicId.of(1, 0), 2),
            new PartitionId(TopicId.of(1, 0), 10),
            new PartitionId(TopicId.of(1, -1), 0),
            new PartitionId(TopicId.of(-1, 0), 0));

    assertThat(ids).isSorted();
    assertThat(ids.stream().map(id -> id.topic().toString())).isSorted();
  }

  @Test
  void refuseNumbersBelowZero() {
    assertThatThrownBy(() -> new NodeId(-1)).hasMessage("Expected a node id >= 0, but was -1");
    assertThatThrownBy(() -> new NodeEpoch(-1))
        .hasMessage("Expected a node epoch >= 0, but was -1");
    assertThatThrownBy(() -> new LeaderEpoch(-1))
        .hasMessage("Expected a leader epoch >= 0, but was -1");
    assertThatThrownBy(() -> new PartitionEpoch(-1))
        .hasMessage("Expected a partition epoch >= 0, but was -1");
    assertThatThrownBy(() -> new PartitionId(TopicId.parse(TOPIC), -1))
        .hasMessage("Expected a partition >= 0, but was -1");
    assertThatThrownBy(() -> TopicId.of(0, 0)).hasMessage("Expected a topic id, but was all zeros");
  }

  @Test
  void epochsRiseByOneAndNeverWrap() {
    assertThat(LeaderEpoch.ZERO.next()).isEqualTo(new LeaderEpoch(1));
    assertThat(LeaderEpoch.ZERO.isBefore(LeaderEpoch.ZERO.next())).isTrue();
    assertThat(PartitionEpoch.ZERO.isBefore(PartitionEpoch.ZERO)).isFalse();
    assertThatThrownBy(() -> new LeaderEpoch(Integer.MAX_VALUE).next())
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void secretsAreNeverPrinted() {
    assertThat(Secret.of("hunter2")).hasToString("***");
    assertThat(Secret.of("hunter2").reveal()).isEqualTo("hunter2");
  }

  @Test
  void aRefusalNeedsACode() {
    assertThatThrownBy(() -> new Refused(ErrorCode.NONE, "why"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(new Refused(ErrorCode.DISK_FULL, "Expected room"))
        .hasToString("DISK_FULL: Expected room");
  }
}
