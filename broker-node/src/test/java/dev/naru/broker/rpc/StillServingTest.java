package dev.naru.broker.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.replica.LedCluster;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import org.junit.jupiter.api.Test;

class StillServingTest {

  @Test
  void saysHowManyPartitionsGoOnWithoutAQuorum() {
    var why = new Refused(ErrorCode.METADATA_QUORUM_LOST, "Expected a controller, but none");

    var told = StillServing.told(why, LedCluster.of(4, 48, 3));

    assertThat(told.code()).isEqualTo(ErrorCode.METADATA_QUORUM_LOST);
    assertThat(told.reason())
        .startsWith("Expected a controller, but none; ")
        .endsWith("produce and consume continue on 48 of 48 partitions");
  }

  @Test
  void addsNothingToOtherRefusals() {
    var why = new Refused(ErrorCode.TOPIC_NOT_FOUND, "Expected a topic, but none");

    assertThat(StillServing.told(why, LedCluster.of(4, 48, 3))).isEqualTo(why);
  }
}
