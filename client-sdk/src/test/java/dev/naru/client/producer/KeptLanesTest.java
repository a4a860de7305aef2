package dev.naru.client.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.KeyReporting;
import dev.naru.client.ProducerConfig;
import dev.naru.client.TopicPartition;
import dev.naru.testing.Seeds;
import dev.naru.types.TopicId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeptLanesTest {

  private final MemoryBudget memory = new MemoryBudget(1 << 20, new ArrayPool(1000, 1000, 1 << 20));
  private final KeptLanes kept = new KeptLanes(4);

  private static TopicId topic(int number) {
    return TopicId.of(1, number);
  }

  private List<Lane> lanes(int topic, int count) {
    var lanes = new ArrayList<Lane>();
    for (int i = 0; i < count; i++) {
      lanes.add(
          new Lane(
              ProducerConfig.DEFAULTS,
              memory,
              new Saturation(),
              new FrequentKeys(KeyReporting.OFF, Seeds.random(1)),
              new LastSent(),
              new TopicPartition("t" + topic, i),
              topic(topic),
              Optional.empty()));
    }
    return lanes;
  }

  private void append(Lane lane) {
    byte[] bytes = "value".getBytes(StandardCharsets.UTF_8);
    var fresh = new Batch(lane.name(), memory, new byte[1000], 1000, 1000, 1, 0);
    lane.queue().appendTo(fresh, null, 100, 1, null, bytes, List.of(), (ack, failure) -> {});
  }

  @Test
  void givesBackTheSameLanesOnce() {
    var lanes = lanes(1, 2);

    assertThat(kept.keep(topic(1), lanes)).isFalse();

    assertThat(kept.all()).isEqualTo(lanes);
    assertThat(kept.take(topic(2))).isEmpty();
    assertThat(kept.take(topic(1))).isEqualTo(lanes);
    assertThat(kept.take(topic(1))).isEmpty();
    assertThat(kept.all()).isEmpty();
  }

  @Test
  void forgetsTheEldestAndSaysSo() {
    kept.keep(topic(1), lanes(1, 2));
    kept.keep(topic(2), lanes(2, 2));

    assertThat(kept.keep(topic(3), lanes(3, 1))).isTrue();

    assertThat(kept.take(topic(1))).isEmpty();
    assertThat(kept.take(topic(2))).hasSize(2);
    assertThat(kept.take(topic(3))).hasSize(1);
  }

  @Test
  void forgetsNothingThatHasSomethingLeftToDo() {
    var busy = lanes(1, 3);
    append(busy.get(2));
    kept.keep(topic(1), busy);
    kept.keep(topic(2), lanes(2, 1));

    assertThat(kept.keep(topic(3), lanes(3, 1))).isTrue();

    assertThat(kept.take(topic(1))).isEqualTo(busy);
    assertThat(kept.take(topic(2))).isEmpty();
  }

  @Test
  void keepsMoreThanItsLimitRatherThanForgetWhatIsInUse() {
    var busy = lanes(1, 4);
    append(busy.get(0));
    kept.keep(topic(1), busy);

    assertThat(kept.keep(topic(2), lanes(2, 9))).isFalse(); // those are wanted now, perhaps

    assertThat(kept.all()).hasSize(13);
  }
}
