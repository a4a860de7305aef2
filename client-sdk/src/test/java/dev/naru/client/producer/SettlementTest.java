package dev.naru.client.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.ClientMetrics;
import dev.naru.client.KeyReporting;
import dev.naru.client.NaruException;
import dev.naru.client.ProducerConfig;
import dev.naru.client.TopicPartition;
import dev.naru.testing.Seeds;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SettlementTest {

  private final NaruException gone =
      NaruException.of(new Refused(ErrorCode.TOPIC_NOT_FOUND, "Expected a topic, but it is gone"));

  private final MemoryBudget memory = new MemoryBudget(1 << 20, new ArrayPool(1000, 1000, 1 << 20));
  private final Lane lane =
      new Lane(
          ProducerConfig.DEFAULTS,
          memory,
          new Saturation(),
          new FrequentKeys(KeyReporting.OFF, Seeds.random(1)),
          new LastSent(),
          new TopicPartition("t", 0),
          TopicId.of(1, 1),
          Optional.empty());
  private final List<String> heard = new ArrayList<>();

  @Test
  void failsNoBatchThatStillTakesRecords() {
    var meanwhile = new ArrayDeque<Runnable>(); // what another thread does after the first failure
    meanwhile.add(() -> append("second"));
    var settlement =
        new Settlement(
            new Completions(
                callbacks -> {
                  callbacks.run();
                  Optional.ofNullable(meanwhile.poll()).ifPresent(Runnable::run);
                },
                () -> {}),
            new ClientMetrics());
    append("first");

    settlement.failAll(lane, gone);
    settlement.failAll(lane, gone);

    assertThat(heard).containsExactly("first", "second");
    assertThat(lane.queue().batches()).isEmpty();
  }

  private void append(String value) {
    SendCallback callback = (ack, failure) -> heard.add(value);
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    if (!lane.queue().tryAppend(null, 100, 1, null, bytes, List.of(), callback)) {
      var fresh = new Batch(lane.name(), memory, new byte[1000], 1000, 1000, 1, 0);
      lane.queue().appendTo(fresh, null, 100, 1, null, bytes, List.of(), callback);
    }
  }
}
