package dev.naru.client.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.types.ErrorCode;
import io.grpc.Status;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;

class StatusesTest {

  @Test
  void takesAConnectionThatClosedBeforeTheCallForANodeThatIsAway() {
    var closed =
        Status.UNKNOWN
            .withDescription("channel closed")
            .withCause(new ClosedChannelException())
            .asRuntimeException();

    assertThat(Statuses.exception(closed).code()).isEqualTo(ErrorCode.BOOTSTRAP_UNREACHABLE);
    assertThat(Statuses.exception(closed).isRetriable()).isTrue();
  }

  @Test
  void leavesOtherUnknownFailuresAsTheyAre() {
    var failure = Status.UNKNOWN.withDescription("a bug").asRuntimeException();

    assertThat(Statuses.exception(failure).code()).isEqualTo(ErrorCode.INTERNAL);
  }
}
