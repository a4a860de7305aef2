package dev.naru.broker.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.replica.ForgottenDeletions;
import dev.naru.broker.replica.ToFollower.AcceptOrder;
import dev.naru.log.producer.ProducerState;
import dev.naru.log.producer.Run;
import dev.naru.types.LeaderEpoch;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ProducerCodecTest {

  private static final AcceptOrder ORDER =
      new AcceptOrder(18, new LeaderEpoch(5), 100, true, 100, new ForgottenDeletions(7, 9));

  @Test
  void tellsOfProducersWhatTheLeaderKnows() {
    var told =
        List.of(
            new ProducerState(
                7L << 24,
                Short.MAX_VALUE,
                0,
                List.of(
                    new Run(Integer.MAX_VALUE - 1, 3, 40, OptionalInt.of(-1)),
                    new Run(1, 1L << 31, 60, OptionalInt.empty()))),
            new ProducerState(0, (short) 0, 0, List.of(new Run(0, 1, 0, OptionalInt.of(0)))));

    for (var order : List.of(ORDER, ORDER.telling(told, true), ORDER.telling(told, false))) {
      assertThat(ReplicationCodec.decode(ReplicationCodec.encode(order).header().getAccept()))
          .isEqualTo(order);
    }
  }
}
