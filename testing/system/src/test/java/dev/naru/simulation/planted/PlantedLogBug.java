package dev.naru.simulation.planted;

import dev.naru.broker.partition.PartitionInput;
import dev.naru.broker.partition.PartitionInput.PurgeEndAsked;
import dev.naru.broker.partition.PartitionInput.SegmentsCompacted;
import dev.naru.broker.partition.PartitionInput.StartDue;
import dev.naru.broker.partition.PartitionView;
import dev.naru.broker.replica.LocalNode;
import dev.naru.broker.replica.LogTail;
import dev.naru.broker.replica.PartitionAssignment;
import dev.naru.broker.replica.ToLeader;
import dev.naru.broker.replica.ToLeader.SubscribeRequest;
import dev.naru.broker.runtime.Clocks;
import dev.naru.log.PartitionLog;
import dev.naru.log.retention.DropReason;
import dev.naru.metadata.image.TopicSettings;
import dev.naru.types.CompactionLimits;
import java.util.List;
import java.util.OptionalLong;

/** What systems of this kind have got wrong about old records: one step replaced by a wrong one. */
public enum PlantedLogBug implements Planted {

  /** I21: records are deleted that are not committed. */
  DELETES_WHAT_IS_NOT_COMMITTED(1, "LogStart HighWatermark", World.RETAINING) {
    @Override
    public PartitionInput takes(PartitionInput input, PartitionView view, PartitionLog log) {
      if (input instanceof StartDue due && view.isLeader()) {
        log.raiseStart(log.end(), due.why());
      }
      return input;
    }
  },

  /** I22: the age of records is told by a wall clock that jumps. */
  BELIEVES_THE_WALL_CLOCK(2, "TrueAge", World.RETAINING) {
    @Override
    public Clocks clocks(Clocks ofTheMachine) {
      return new Clocks(
          () -> ofTheMachine.wallMillis().getAsLong() * 1_000_000, ofTheMachine.wallMillis());
    }
  },

  /** I21: a segment goes because of what the one before it holds. */
  DELETES_ONE_SEGMENT_TOO_MANY(1, "TrueAge", World.RETAINING) {
    @Override
    public PartitionInput takes(PartitionInput input, PartitionView view, PartitionLog log) {
      return input instanceof StartDue due && due.why() != DropReason.REQUEST
          ? log.view().closed().stream()
              .filter(segment -> segment.base() == due.start())
              .findFirst()
              .<PartitionInput>map(next -> new StartDue(due.leaderEpoch(), next.end(), due.why()))
              .orElse(input)
          : input;
    }
  },

  /** I21: files are deleted before it is on record that the log begins above them. */
  DELETES_FILES_BEFORE_IT_IS_ON_RECORD(1, "NoFalseAlarm LogDamagedException", World.RETAINING) {
    @Override
    public PartitionInput takes(PartitionInput input, PartitionView view, PartitionLog log) {
      if (input instanceof StartDue due && due.start() <= view.highWatermark()) {
        log.view().closed().stream()
            .filter(segment -> segment.end() <= due.start())
            .forEach(segment -> segment.files().deleteSegment(segment.base()));
      }
      return input;
    }
  },

  /** I23: deletions are forgotten by the first pass that may, whatever the topic says. */
  FORGETS_DELETIONS_AT_ONCE(10, "CompactedFold", World.COMPACTING) {
    @Override
    public PartitionAssignment assigned(
        PartitionAssignment assignment, LocalNode self, PartitionLog log) {
      var settings = assignment.settings();
      var limits = settings.compaction();
      return new PartitionAssignment(
          assignment.id(),
          assignment.imageIndex(),
          assignment.entry(),
          new TopicSettings(
              settings.retentionMillis(),
              settings.retentionBytes(),
              settings.segmentBytes(),
              settings.segmentMillis(),
              settings.maxMessageBytes(),
              settings.timestamp(),
              settings.timestampBounds(),
              settings.cleanup(),
              new CompactionLimits(
                  limits.dirtyRatioMin(), limits.lagMinMillis(), limits.lagMaxMillis(), 0),
              settings.minInsync(),
              settings.flush(),
              settings.recoveryMode(),
              settings.recoveryWaitMillis()),
          assignment.replicas());
    }
  },

  /** Record 0009: a follower that missed deletions which are gone goes on with what it has. */
  KEEPS_WHAT_WAS_DELETED(34, "CompactedFold", World.COMPACTING) {
    @Override
    public ToLeader said(ToLeader message) {
      if (!(message instanceof SubscribeRequest request)) {
        return message;
      }
      var tail = request.tail();
      return new SubscribeRequest(
          request.subscription(),
          request.partition(),
          request.leaderEpoch(),
          request.partitionEpoch(),
          new LogTail(
              tail.start(),
              tail.end(),
              tail.durableEnd(),
              tail.lastEpoch(),
              tail.lastCrc(),
              Long.MAX_VALUE),
          request.creditBytes());
    }
  },

  /** I23: a record that is not committed takes the place of one that is. */
  COMPACTS_WHAT_IS_NOT_COMMITTED(1, "CompactedFold HighWatermark", World.COMPACTING) {
    @Override
    public void beforeCompaction(PartitionLog log) {
      log.noteHighWatermark(log.end());
    }
  },

  /** Record 0009: deletions go while a follower is still on its way to them. */
  FORGETS_DELETIONS_BEFORE_FOLLOWERS_MET_THEM(106, "CompactedFold", World.COMPACTING) {
    @Override
    public PartitionInput takes(PartitionInput input, PartitionView view, PartitionLog log) {
      switch (input) {
        case SegmentsCompacted(var segments, var done) -> done.accept(log.swap(segments));
        case PurgeEndAsked(var answer) -> answer.accept(OptionalLong.of(Long.MAX_VALUE));
        default -> {}
      }
      return input; // which is answered once
    }
  };

  private final long pinnedSeed;
  private final String convictedBy;
  private final World world;

  PlantedLogBug(long pinnedSeed, String convictedBy, World world) {
    this.pinnedSeed = pinnedSeed;
    this.convictedBy = convictedBy;
    this.world = world;
  }

  @Override
  public World world() {
    return world;
  }

  @Override
  public long pinnedSeed() {
    return pinnedSeed;
  }

  @Override
  public List<String> convictedBy() {
    return List.of(convictedBy.split(" "));
  }
}
