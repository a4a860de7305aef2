package dev.naru.broker.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.proto.v1.ErrorCode;
import dev.naru.proto.v1.InitProducerRequest;
import dev.naru.proto.v1.InitProducerResponse;
import dev.naru.types.NodeEpoch;
import java.time.Duration;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class ProducerIdsTest {

  @Test
  void givesNoIdTwiceAlsoNotInAnotherProcess() {
    var seen = new HashSet<Long>();

    for (int epoch = 1; epoch <= 3; epoch++) {
      var ids = new ProducerIds(new NodeEpoch(epoch));
      for (int i = 0; i < 1_000; i++) {
        assertThat(seen.add(ids.draw().orElseThrow())).isTrue();
      }
    }
    assertThat(seen).allMatch(id -> id >= 0);
  }

  @Test
  void givesNoneOfAnotherBlockWhenItsOwnIsAtAnEnd() {
    var ids = ProducerIds.with(new NodeEpoch(7), 2);

    assertThat(ids.draw()).hasValue((8L << 24) - 2);
    assertThat(ids.draw()).hasValue((8L << 24) - 1);
    for (int i = 0; i < 10; i++) {
      assertThat(ids.draw()).isEmpty();
    }
  }

  @Test
  void hasRoomForEveryEntryOfAMetadataLogThatCouldBeWritten() {
    var greatest = new NodeEpoch((1L << 39) - 1); // at a thousand a second, 17 years

    assertThat(new ProducerIds(greatest).draw().orElseThrow()).isPositive();
    assertThatThrownBy(() -> new ProducerIds(new NodeEpoch(1L << 39)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void tellsWithAnIdHowLongItIsRemembered() {
    var answer = init(new ProducerIds(new NodeEpoch(7)));

    assertThat(answer.getError()).isEqualTo(ErrorCode.ERROR_CODE_NONE);
    assertThat(answer.getProducerId()).isEqualTo(7L << 24);
    assertThat(answer.getProducerEpoch()).isZero();
    assertThat(answer.getStateKeptMs()).isEqualTo(3_000_000);
  }

  @Test
  void sendsToAnotherNodeWhenNoneIsLeft() {
    assertThat(init(ProducerIds.with(new NodeEpoch(7), 0)).getError())
        .isEqualTo(ErrorCode.ERROR_CODE_TOO_MANY_REQUESTS);
  }

  private static InitProducerResponse init(ProducerIds ids) {
    return new NewProducers(ids, Duration.ofMinutes(50))
        .init(InitProducerRequest.newBuilder().setClientId("app").build());
  }
}
