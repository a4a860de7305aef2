package dev.naru.client.producer;

import dev.naru.client.ClientConfig;
import dev.naru.client.core.PartitionView;
import dev.naru.client.core.RetryPolicy;
import dev.naru.client.transport.Channels;
import dev.naru.client.transport.ClientLoop;
import dev.naru.client.transport.Router;
import dev.naru.types.HostPort;
import dev.naru.types.NodeId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** The links to all nodes that were ever led to, one each. Owned by the loop. */
final class Links {

  /** A leader that answers nothing for so long may have been replaced without knowing it. */
  private static final long SILENCE_NANOS = Duration.ofSeconds(1).toNanos();

  private final ClientConfig config;
  private final Router router;
  private final Channels channels;
  private final ClientLoop loop;
  private final RetryPolicy retry;
  private final RandomGenerator dice;
  private final NodeLink.Events events;
  private final RequestIds requestIds = new RequestIds();
  private final Map<NodeId, NodeLink> links = new TreeMap<>();

  Links(
      ClientConfig config,
      Router router,
      Channels channels,
      ClientLoop loop,
      RetryPolicy retry,
      RandomGenerator dice,
      NodeLink.Events events) {
    this.config = config;
    this.router = router;
    this.channels = channels;
    this.loop = loop;
    this.retry = retry;
    this.dice = dice;
    this.events = events;
  }

  /** The way to the leader of the lane's partition; empty while there is none, or none is known. */
  Optional<Route> toLeader(Lane lane) {
    var view = router.view();
    var partition =
        view.topic(lane.name().topic(), lane.id().topic())
            .flatMap(topic -> topic.partition(lane.id().partition()));
    var leader = partition.flatMap(PartitionView::leader);
    return leader
        .flatMap(view::address)
        .map(address -> to(leader.get(), address))
        .map(link -> new Route(link, partition.get().epoch()));
  }

  private NodeLink to(NodeId node, HostPort address) {
    var link =
        links.computeIfAbsent(
            node,
            id ->
                new NodeLink(
                    id,
                    address,
                    channels,
                    loop,
                    config.connectionInflightBytes(),
                    retry,
                    dice,
                    requestIds,
                    events));
    if (!link.address().equals(address)) {
      link.moveTo(address);
    }
    return link;
  }

  /** Whether so much is on its way to some node that the next batch would only wait there. */
  boolean anyIsSaturated() {
    for (var link : links.values()) { // after each answer: no stream
      if (link.isSaturated()) {
        return true;
      }
    }
    return false;
  }

  /** Asks for news of leaders that are silent, and gives up streams that are so for too long. */
  void checkSilence(long nowNanos) {
    for (var link : List.copyOf(links.values())) { // one that breaks may have others opened
      var oldest = link.oldestSentNanos();
      long silent = oldest.isPresent() ? nowNanos - oldest.getAsLong() : 0;
      if (silent > config.requestTimeout().toNanos()) {
        link.breakOff("Expected an answer within request.timeout.ms, but there was none");
      } else if (silent > SILENCE_NANOS) {
        router.refresh();
      }
    }
  }

  /** No longer keeps these lanes waiting for room. */
  void forget(Collection<Lane> lanes) {
    links.values().forEach(link -> link.forget(lanes));
  }
}
