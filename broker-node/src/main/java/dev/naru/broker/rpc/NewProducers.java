package dev.naru.broker.rpc;

import dev.naru.proto.v1.InitProducerRequest;
import dev.naru.proto.v1.InitProducerResponse;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Gives producers the ids by which leaders know their batches again. For any thread. */
public final class NewProducers {

  private static final Logger LOG = LogManager.getLogger(NewProducers.class);

  private final ProducerIds ids;
  private final Duration stateKept;

  /**
   * Gives these ids.
   *
   * @param stateKept for so long at least no leader forgets a producer that is silent
   */
  public NewProducers(ProducerIds ids, Duration stateKept) {
    this.ids = ids;
    this.stateKept = stateKept;
  }

  InitProducerResponse init(InitProducerRequest request) {
    var drawn = ids.draw();
    if (drawn.isEmpty()) {
      return InitProducerResponse.newBuilder()
          .setError(ProtoIds.code(ErrorCode.TOO_MANY_REQUESTS))
          .setErrorMessage("Expected an id that is left, but this process has given all it had")
          .build();
    }
    LOG.debug("Producer {} is client {}", drawn.getAsLong(), request.getClientId());
    return InitProducerResponse.newBuilder()
        .setError(ProtoIds.code(ErrorCode.NONE))
        .setProducerId(drawn.getAsLong())
        .setProducerEpoch(0)
        .setStateKeptMs(stateKept.toMillis())
        .build();
  }
}
