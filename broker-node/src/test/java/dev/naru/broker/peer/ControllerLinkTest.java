package dev.naru.broker.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.transport.EventLoops;
import dev.naru.broker.transport.PeerChannels;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.image.Outcome;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.TopicId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;

/** A node's way to the controller, where it ends before it has begun. */
class ControllerLinkTest {

  private static final NodeId SELF = new NodeId(1);

  private final EventLoops loops =
      EventLoops.start(1, Thread.ofPlatform().daemon().name("test-peer").factory());
  private final KnownQuorum quorum = new KnownQuorum();
  private final ControllerLink link =
      new ControllerLink(
          "cluster",
          SELF,
          new ControllerFinder(quorum, () -> new CompletableFuture<>()),
          new PeerChannels(1 << 20),
          loops.next(),
          System::nanoTime,
          () -> 0);

  @AfterEach
  void close() {
    link.close();
    loops.close();
  }

  @Test
  void refusesACommandThatNoLogWouldTakeWithoutSendingIt() {
    var command =
        new CreateTopic(
            TopicId.of(1, 1),
            "orders",
            Optional.empty(),
            Optional.empty(),
            TreePMap.singleton("retention.ms", "7".repeat(5 << 20)),
            1);

    var outcome = link.submit(command);

    assertThat(outcome).isDone();
    assertThat(outcome.join())
        .isInstanceOfSatisfying(
            Outcome.NotAppended.class,
            refused -> {
              assertThat(refused.why().code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
              assertThat(refused.why().reason()).contains("1048576");
            });
  }
}
