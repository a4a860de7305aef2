package dev.naru.broker.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.log.ControllerAddress;
import dev.naru.types.HostPort;
import dev.naru.types.NodeId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ControllerFinderTest {

  private static final NodeId TWO = new NodeId(2);
  private static final HostPort IN_IMAGE = new HostPort("127.0.0.1", 9411);
  private static final HostPort FOUND = new HostPort("127.0.0.1", 9421);

  private final KnownQuorum quorum = new KnownQuorum();

  @Test
  void asksTheVotersOnlyWhereTheImageDoesNotTell() {
    var searches = new AtomicInteger();
    var finder =
        new ControllerFinder(
            quorum,
            () -> {
              searches.incrementAndGet();
              return CompletableFuture.completedFuture(new ControllerAddress(TWO, FOUND));
            });

    assertThat(finder.find()).as("found at once").contains(FOUND);
    quorum.node(TWO, IN_IMAGE);
    quorum.controller(TWO);
    assertThat(finder.find()).contains(IN_IMAGE);
    assertThat(searches).hasValue(1);
    finder.doubt(IN_IMAGE);
    assertThat(finder.find()).contains(FOUND);
  }

  @Test
  void searchesAgainAfterASearchThatCouldNotBegin() {
    var searches = new AtomicInteger();
    var finder =
        new ControllerFinder(
            quorum,
            () -> {
              if (searches.incrementAndGet() == 1) {
                throw new IllegalStateException("no more file descriptors");
              }
              return CompletableFuture.completedFuture(new ControllerAddress(TWO, FOUND));
            });

    assertThat(finder.find()).isEmpty();
    assertThat(finder.find()).contains(FOUND);
  }
}
