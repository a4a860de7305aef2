package dev.naru.broker.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.events.EventCode;
import dev.naru.broker.metrics.NodeMeters;
import dev.naru.broker.replica.LedCluster;
import dev.naru.broker.replica.PartitionEvent.BecameLeader;
import dev.naru.broker.replica.PartitionEvent.IsrShrinkProposed;
import dev.naru.broker.replica.PartitionEvent.SubscriptionRefused;
import dev.naru.log.LogFixture;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.DeclaredLoss;
import dev.naru.metadata.image.LogEnd;
import dev.naru.metadata.image.LossCause;
import dev.naru.metadata.image.Losses;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePSet;

/** What is counted and told of changes of leaders, of in-sync replicas and of who follows. */
class ElectionNoticesTest {

  private static final LeaderEpoch EPOCH = LeaderEpoch.ZERO.next();

  private final ScheduledThreadPoolExecutor chores = new ScheduledThreadPoolExecutor(1);
  private final NodeMeters meters = NodeMeters.create(new NodeId(1));
  private ClusterImage image = LedCluster.of(1, 1, 1);
  private final PartitionId id = image.partitionIds().findFirst().orElseThrow();
  private final PartitionNotices notices =
      new PartitionNotices(
          () -> image,
          new ReplicaFaults(
              LogFixture.open(LogFixture.formatted()),
              new ReplicaRepairs(LogFixture.open(LogFixture.formatted()), meters, () -> 0),
              chores,
              meters),
          meters,
          () -> 0);

  @AfterEach
  void close() {
    chores.shutdownNow();
    meters.close();
  }

  /** An alert on a rise would not see a series that begins above 0. */
  @Test
  void beginsAtNoughtWhateverAlertsWatchTheRiseOf() {
    assertThat(page())
        .contains(
            "naru_isr_shrinks_total{cause=\"lag\",node=\"1\"} 0.0",
            "naru_isr_shrinks_total{cause=\"node\",node=\"1\"} 0.0",
            "naru_leader_elections_total{node=\"1\",type=\"clean\"} 0.0",
            "naru_leader_elections_total{node=\"1\",type=\"unclean\"} 0.0");
  }

  @Test
  void tellsAnElectionForWhichSomethingWasGivenUpFromOneThatCostNothing() {
    notices.report(id, new BecameLeader(EPOCH, 0, TreePSet.singleton(new NodeId(1))));
    giveUpFor(EPOCH.next());
    notices.report(id, new BecameLeader(EPOCH.next(), 0, TreePSet.singleton(new NodeId(1))));
    notices.report(id, new BecameLeader(EPOCH.next().next(), 0, TreePSet.empty()));

    assertThat(page())
        .contains(
            "naru_leader_elections_total{node=\"1\",type=\"clean\"} 2.0",
            "naru_leader_elections_total{node=\"1\",type=\"unclean\"} 1.0");
  }

  @Test
  @Tag("S51")
  void aReplicaThatLeavesTheInSyncOnesIsAWarningWithItsCauseAndIsCounted() {
    try (var told = Told.by(PartitionNotices.class, Level.WARN)) {
      notices.report(id, new IsrShrinkProposed(new NodeId(2), "behind for more than 10000 ms"));

      assertThat(told.events).hasSize(1);
      assertThat(told.events.getFirst().getLevel()).isEqualTo(Level.WARN);
      assertThat(told.events.getFirst().getMarker()).isEqualTo(EventCode.ISR_SHRUNK.marker());
      assertThat(told.events.getFirst().getMessage().getFormattedMessage())
          .startsWith("Node 2 leaves the in-sync replicas of t/0: behind for more than 10000 ms");
    }
    assertThat(page())
        .contains(
            "naru_isr_shrinks_total{cause=\"lag\",node=\"1\"} 1.0",
            "naru_events_total{code=\"ISR_SHRUNK\",node=\"1\"} 1.0");
  }

  /** Or its lines would take what is left of the disk, if that is where they go. */
  @Test
  void aFullDiskIsToldOnceThoughEachPartitionMeetsItAgainAndAgain() {
    var full = new Refused(ErrorCode.DISK_FULL, "Expected room");
    try (var told = Told.by(PartitionNotices.class, Level.INFO)) {
      for (int i = 0; i < 1000; i++) {
        notices.report(id, new SubscriptionRefused(Optional.empty(), full));
      }

      assertThat(told.events).hasSize(1);
    }
  }

  /** What a class logs from this level upward. */
  private static final class Told extends AbstractAppender implements AutoCloseable {

    final List<LogEvent> events = new CopyOnWriteArrayList<>();
    private final Logger logger;
    private final Level before;

    private Told(Logger logger) {
      super("told", null, null, true, Property.EMPTY_ARRAY);
      this.logger = logger;
      before = logger.getLevel();
    }

    static Told by(Class<?> type, Level level) {
      var told = new Told((Logger) LogManager.getLogger(type));
      told.start();
      told.logger.addAppender(told); // forgets the level that was set before
      told.logger.setLevel(level);
      return told;
    }

    @Override
    public void append(LogEvent event) {
      events.add(event.toImmutable());
    }

    @Override
    public void close() {
      logger.removeAppender(this);
      logger.setLevel(before);
    }
  }

  private void giveUpFor(LeaderEpoch epoch) {
    var entry = image.partition(id).orElseThrow();
    var loss =
        new DeclaredLoss(
            epoch,
            new LogEnd(Optional.of(EPOCH), 100),
            100,
            110,
            true,
            TreePSet.empty(),
            LossCause.MODE);
    image =
        image.withPartition(
            id,
            new PartitionImage(
                entry.replicas(),
                entry.isr(),
                entry.elr(),
                entry.lastKnown(),
                entry.leader(),
                entry.leaderEpoch(),
                entry.partitionEpoch().next(),
                Losses.NONE.with(loss)));
  }

  private String page() {
    return meters.page();
  }
}
