package dev.naru.client.consumer;

import dev.naru.client.ClientConfig;
import dev.naru.client.ConsumerConfig;
import dev.naru.client.DataLossException;
import dev.naru.client.NaruException;
import dev.naru.client.OffsetOutOfRangeException;
import dev.naru.client.OffsetReset;
import dev.naru.client.Position;
import dev.naru.client.core.HistoryCut;
import dev.naru.client.core.PartitionView;
import dev.naru.client.core.Reading;
import dev.naru.client.core.RetryPolicy;
import dev.naru.client.transport.Channels;
import dev.naru.client.transport.ClientLoop;
import dev.naru.client.transport.FetchStream;
import dev.naru.client.transport.Router;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps fetches on their way for every partition that can use one: to each leader a single long
 * poll for all of its partitions, as a rule. What is held and what may come is at most twice {@code
 * fetch.max.bytes}, but for batches that are larger than what was asked for.
 *
 * <p>Owned by the consumer's thread and turned by its polls: a consumer that does not poll fetches
 * nothing more.
 */
final class Fetcher implements FetchLink.Events {

  /** A leader that is so late with an answer may have been replaced without knowing it. */
  private static final long SILENCE_NANOS = Duration.ofSeconds(1).toNanos();

  private static final Logger LOG = LoggerFactory.getLogger(Fetcher.class);

  private static final int POSITIONS_MAX = 10_000; // of one request; more are refused

  private final ClientConfig clientConfig;
  private final ConsumerConfig config;
  private final Router router;
  private final Channels channels;
  private final Inbox inbox;
  private final ClientLoop clock;
  private final RandomGenerator dice;
  private final RetryPolicy retry;
  private final Map<NodeId, FetchLink> links = new TreeMap<>();
  private final BackOffs backOffs;
  private final PassingOver passingOver;
  private final GoneTopics gone = new GoneTopics();
  private final StrandedPlaces stranded = new StrandedPlaces();

  Fetcher(
      ClientConfig clientConfig,
      ConsumerConfig config,
      Router router,
      Channels channels,
      Inbox inbox,
      ClientLoop clock,
      RandomGenerator dice,
      PassingOver passingOver) {
    this.clientConfig = clientConfig;
    this.config = config;
    this.router = router;
    this.channels = channels;
    this.inbox = inbox;
    this.clock = clock;
    this.dice = dice;
    this.retry = RetryPolicy.of(clientConfig);
    this.backOffs = new BackOffs(retry, dice);
    this.passingOver = passingOver;
  }

  /** Hears that a position is outside the log, and that reading goes on elsewhere. */
  @FunctionalInterface
  interface PassingOver {
    void from(Reading reading, long position);
  }

  @Override
  public long nanoTime() {
    return clock.nanoTime();
  }

  /** Asks for what the readings can use. */
  void ask(Collection<Reading> readings) {
    long now = clock.nanoTime();
    for (var link : links.values()) {
      checkSilence(link, now);
    }
    var byLink = wanted(readings, now);
    if (byLink.isEmpty()) {
      return;
    }
    makeRoom(readings);
    long free = 2L * config.fetchMaxBytes() - heldBytes(readings);
    for (var entry : byLink.entrySet()) {
      long share = free / byLink.size();
      if (share > 0) {
        send(entry.getKey(), entry.getValue(), share, now);
      }
    }
  }

  /** What nobody can take now may hold half of the room at most: others could not read else. */
  private void makeRoom(Collection<Reading> readings) {
    long idle = readings.stream().mapToLong(Reading::idleBytes).sum();
    if (idle > config.fetchMaxBytes()) {
      readings.forEach(Reading::dropIdle);
    }
  }

  private Map<FetchLink, List<From>> wanted(Collection<Reading> readings, long now) {
    Map<FetchLink, List<From>> byLink = Map.of(); // as in most polls
    for (var reading : readings) {
      if (!reading.wantsFetch(config.maxPartitionFetchBytes()) || backOffs.holds(reading, now)) {
        continue;
      }
      var from = from(reading);
      if (from.isPresent() && from.get().link.notBeforeNanos() - now <= 0) {
        byLink = byLink.isEmpty() ? new LinkedHashMap<>() : byLink;
        byLink.computeIfAbsent(from.get().link, link -> new ArrayList<>()).add(from.get());
      }
    }
    return byLink;
  }

  long heldBytes(Collection<Reading> readings) {
    long held = readings.stream().mapToLong(Reading::fetchedBytes).sum();
    for (var link : links.values()) {
      held += link.bytesLeft();
    }
    return held;
  }

  private Optional<From> from(Reading reading) {
    var name = reading.partition();
    var view = router.view();
    var topic = view.topic(name.topic());
    if (topic.isEmpty()) {
      var missing = Optional.ofNullable(view.missing().get(name.topic()));
      missing.ifPresentOrElse(why -> onMissing(reading, why), () -> backOff(reading));
      router.used(name.topic());
      return Optional.empty();
    }
    router.used(name.topic());
    if (!reading.adopts(topic.get().id())) {
      if (reading.isGranted()) {
        gone.missing(reading);
        backOff(reading); // the view is old, or the group will take it back
      } else {
        reading.fail(createdAgain(name.topic()));
      }
      return Optional.empty();
    }
    var partition = topic.get().partition(name.partition());
    var leader = partition.flatMap(PartitionView::leader);
    var address = leader.flatMap(view::address);
    if (address.isEmpty()) {
      backOff(reading);
      return Optional.empty();
    }
    var link = link(leader.orElseThrow(), address.get());
    return Optional.of(
        new From(
            reading,
            link,
            new PartitionId(topic.get().id(), name.partition()),
            partition.orElseThrow().epoch()));
  }

  /** What a group has granted it takes back; what the application has named is not there. */
  private void onMissing(Reading reading, Refused why) {
    if (reading.isGranted()) {
      gone.missing(reading);
      backOff(reading);
    } else {
      reading.fail(NaruException.of(why));
    }
  }

  private static NaruException createdAgain(String topic) {
    return new NaruException(
        ErrorCode.TOPIC_NOT_FOUND,
        "Expected the topic "
            + topic
            + " that was read, but it was deleted and another one has its name; seek to read that");
  }

  /** A node that came back elsewhere gets a new link. */
  private FetchLink link(NodeId node, HostPort address) {
    var known = links.get(node);
    if (known != null && known.address().equals(address)) {
      return known;
    }
    if (known != null) {
      known.breakOff("the node is at " + address + " now", clock.nanoTime());
    }
    var link = new FetchLink(node, address, channels, inbox, retry, dice, clock.nanoTime(), this);
    links.put(node, link);
    return link;
  }

  private void send(FetchLink link, List<From> all, long share, long now) {
    var from = all.size() > POSITIONS_MAX ? all.subList(0, POSITIONS_MAX) : all;
    long useful = (long) from.size() * config.maxPartitionFetchBytes();
    int bytesMax = (int) Math.min(Math.min(share, useful), config.fetchMaxBytes());
    long waitNanos = waitNanos(link, now);
    var parts = new LinkedHashMap<PartitionId, FetchLink.Asked.Part>();
    var positions = new ArrayList<FetchStream.From>();
    for (var each : from) {
      each.reading.beginFetch();
      parts.put(each.partition, new FetchLink.Asked.Part(each.reading, each.reading.generation()));
      positions.add(each.position(config.maxPartitionFetchBytes()));
    }
    link.send(
        new FetchStream.Request(
            link.nextRequestId(),
            (int) Duration.ofNanos(waitNanos).toMillis(),
            config.fetchMinBytes(),
            bytesMax,
            positions),
        new FetchLink.Asked(parts, now, waitNanos, bytesMax));
  }

  /**
   * No longer than a question before, so that both end together and the next one is for all
   * partitions.
   */
  private long waitNanos(FetchLink link, long now) {
    long most = config.fetchMaxWait().toNanos();
    return link.oldest()
        .map(before -> Math.max(Math.min(before.dueNanos() - now, most), 0))
        .orElse(most);
  }

  @Override
  public void onPart(FetchLink.Asked asked, FetchStream.Part part) {
    asked.came(part.batches().size());
    var of = asked.parts().get(part.partition());
    if (of == null || !of.isWanted()) {
      return;
    }
    var reading = of.reading();
    if (part.refusal().isPresent()) {
      onRefused(reading, part, part.refusal().get());
      return;
    }
    backOffs.succeeded(reading);
    stranded.served(reading);
    reading.highWatermark(part.highWatermark());
    reading.fetched(part.batches());
  }

  private void onRefused(Reading reading, FetchStream.Part part, Refused why) {
    part.leader()
        .ifPresent(hint ->
            router.leaderMoved(reading.partition().topic(), reading.partition().partition(), hint));
    boolean isAhead = reading.fetchedBytes() > 0; // then it may yet change
    boolean mayBeNew = why.code() == ErrorCode.TOPIC_NOT_FOUND;
    if (mayBeNew) {
      gone.missing(reading);
    }
    if (why.code() == ErrorCode.UNKNOWN_LEADER_EPOCH) {
      tellIfStranded(reading);
    }
    if (why.code().isRetriable() || mayBeNew || isAhead) {
      backOff(reading);
    } else if (why.code() == ErrorCode.OFFSET_OUT_OF_RANGE) {
      onOutOfRange(reading, part);
    } else if (why.code() == ErrorCode.DATA_LOST) {
      long end = part.divergingEnd().orElse(part.logStart());
      reading.fail(new DataLossException(reading.partition(), reading.fetchOffset(), end));
      reading.cut(new HistoryCut(end, reading.fetchOffset()));
    } else {
      reading.fail(NaruException.of(why));
    }
  }

  private void tellIfStranded(Reading reading) {
    var name = reading.partition();
    router
        .view()
        .topic(name.topic())
        .flatMap(topic -> topic.partition(name.partition()))
        .flatMap(view -> stranded.refused(reading, view.epoch(), clock.nanoTime()))
        .ifPresent(why -> LOG.warn("{}", why));
  }

  private void onOutOfRange(Reading reading, FetchStream.Part part) {
    if (config.autoOffsetReset() == OffsetReset.NONE) {
      reading.fail(
          new OffsetOutOfRangeException(
              reading.partition(), reading.fetchOffset(), part.logStart(), part.highWatermark()));
    } else {
      long from = reading.fetchOffset();
      boolean isEarliest = config.autoOffsetReset() == OffsetReset.EARLIEST;
      reading.seek(isEarliest ? Position.beginning() : Position.end());
      LOG.warn(
          "Expected a position of {} to {} in {}, but was {}: reading goes on at the {} record",
          part.logStart(),
          part.highWatermark(),
          reading.partition(),
          from,
          isEarliest ? "first" : "next");
      passingOver.from(reading, from);
    }
  }

  @Override
  public void onLast(FetchLink.Asked asked) {
    end(asked);
  }

  @Override
  public void onBroken(Collection<FetchLink.Asked> unanswered) {
    unanswered.forEach(this::end);
    router.refresh();
  }

  private void end(FetchLink.Asked asked) {
    for (var part : asked.parts().values()) {
      part.reading().endFetch(part.generation());
    }
  }

  /** Asks leaders that are new what the old ones may never answer. */
  void onViewChanged() {
    backOffs.clear();
    for (var link : links.entrySet()) {
      for (var asked : link.getValue().allAsked()) {
        asked.parts().values().stream()
            .filter(FetchLink.Asked.Part::isWanted)
            .filter(part -> !isLedBy(part.reading(), link.getKey(), link.getValue()))
            .forEach(part -> part.reading().abandonFetch());
      }
    }
  }

  private boolean isLedBy(Reading reading, NodeId node, FetchLink link) {
    var view = router.view();
    return view.topic(reading.partition().topic())
        .flatMap(topic -> topic.partition(reading.partition().partition()))
        .flatMap(PartitionView::leader)
        .filter(leader -> leader.equals(node))
        .flatMap(view::address)
        .filter(address -> address.equals(link.address()))
        .isPresent();
  }

  private void checkSilence(FetchLink link, long now) {
    var oldest = link.oldest();
    if (oldest.isEmpty()) {
      return;
    }
    long late = now - oldest.get().dueNanos();
    if (late > clientConfig.requestTimeout().toNanos()) {
      link.breakOff("Expected an answer within request.timeout.ms, but there was none", now);
    } else if (late > SILENCE_NANOS) {
      router.refresh();
    }
  }

  private void backOff(Reading reading) {
    router.refresh();
    backOffs.failed(reading, clock.nanoTime());
  }

  /** Whether something waits for time to pass, not for an answer. */
  boolean isBackingOff() {
    long now = clock.nanoTime();
    for (var link : links.values()) {
      if (link.notBeforeNanos() - now > 0) {
        return true;
      }
    }
    return backOffs.holdsAny(now);
  }

  /** Forgets a partition that is no longer read, as these still are. */
  void forget(Reading reading, Collection<Reading> others) {
    gone.dropped(reading, others);
    stranded.served(reading);
    reading.abandonFetch();
    backOffs.succeeded(reading);
  }

  /** Ends all streams. */
  void close() {
    links.values().forEach(link -> link.breakOff("the consumer is closed", clock.nanoTime()));
  }

  private record From(
      Reading reading, FetchLink link, PartitionId partition, LeaderEpoch leaderEpoch) {

    FetchStream.From position(int bytesMax) {
      return new FetchStream.From(
          partition, reading.fetchOffset(), leaderEpoch, reading.fetchEpoch(), bytesMax);
    }
  }
}
