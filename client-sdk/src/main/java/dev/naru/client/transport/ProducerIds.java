package dev.naru.client.transport;

import dev.naru.client.ClientConfig;
import dev.naru.proto.v1.InitProducerRequest;
import dev.naru.proto.v1.InitProducerResponse;
import dev.naru.proto.v1.ProduceServiceGrpc;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import dev.naru.types.Refused;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Draws ids for producers, of any node: each can give some, also without the quorum. */
public final class ProducerIds {

  /** Of one node: one that takes longer is as good as dead, and another one has ids, too. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(2);

  private final ClientConfig config;
  private final Router router;
  private final Channels channels;
  private final ClientLoop loop;

  /** Asks through these channels. */
  public ProducerIds(ClientConfig config, Router router, Channels channels, ClientLoop loop) {
    this.config = config;
    this.router = router;
    this.channels = channels;
    this.loop = loop;
  }

  /** Asks one node after the other, each once. On the loop, and answers there. */
  public void draw(Consumer<Drawn> onDrawn, Consumer<Refused> onFailure) {
    var candidates = new Candidates(config.bootstrapServers());
    candidates.begin(router.view().nodes().values());
    ask(candidates, onDrawn, onFailure);
  }

  private void ask(Candidates candidates, Consumer<Drawn> onDrawn, Consumer<Refused> onFailure) {
    var address = candidates.next();
    if (address.isEmpty()) {
      onFailure.accept(
          new Refused(
              ErrorCode.BOOTSTRAP_UNREACHABLE,
              "Expected an id for a producer of some node, but none gave one: "
                  + candidates.failures()));
      return;
    }
    loop.whenDone(
        channels.call(
            address.get(), ProduceServiceGrpc.getInitProducerMethod(), request(), limit()),
        answer -> {
          var refusal = refusalOf(answer);
          if (refusal.isEmpty()) {
            onDrawn.accept(
                new Drawn(
                    answer.getProducerId(),
                    (short) answer.getProducerEpoch(),
                    answer.getStateKeptMs()));
          } else {
            askNext(candidates, address.get(), refusal.get().reason(), onDrawn, onFailure);
          }
        },
        failure ->
            askNext(
                candidates,
                address.get(),
                String.valueOf(failure.getMessage()),
                onDrawn,
                onFailure));
  }

  private void askNext(
      Candidates candidates,
      HostPort failed,
      String why,
      Consumer<Drawn> onDrawn,
      Consumer<Refused> onFailure) {
    candidates.failed(failed, why);
    ask(candidates, onDrawn, onFailure);
  }

  private InitProducerRequest request() {
    return InitProducerRequest.newBuilder().setClientId(config.clientId()).build();
  }

  private Duration limit() {
    return config.requestTimeout().compareTo(ANSWER_MAX) < 0 ? config.requestTimeout() : ANSWER_MAX;
  }

  /** What is no id is refused here, rather than by every leader. */
  private static Optional<Refused> refusalOf(InitProducerResponse answer) {
    var told = Wire.refusal(answer.getErrorValue(), answer.getErrorMessage());
    boolean isSound =
        answer.getProducerId() >= 0
            && answer.getProducerEpoch() >= 0
            && answer.getProducerEpoch() <= Short.MAX_VALUE;
    return told.isPresent() || isSound
        ? told
        : Optional.of(
            new Refused(
                ErrorCode.INTERNAL,
                "Expected a producer's id and epoch, but were "
                    + answer.getProducerId()
                    + " and "
                    + answer.getProducerEpoch()));
  }

  /**
   * A new producer.
   *
   * @param epoch in which it begins, in each partition
   * @param stateKeptMillis how long leaders remember it at least while it is silent; not positive
   *     if the node does not say
   */
  public record Drawn(long id, short epoch, long stateKeptMillis) {}
}
