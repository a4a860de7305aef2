package dev.naru.simulation.planted;

import dev.naru.broker.replica.LocalNode;
import dev.naru.broker.replica.LogTail;
import dev.naru.broker.replica.PartitionAssignment;
import dev.naru.broker.replica.SafetyRules;
import dev.naru.broker.replica.SubscribeAnswer;
import dev.naru.broker.replica.ToFollower;
import dev.naru.broker.replica.ToFollower.BatchesFrame;
import dev.naru.log.PartitionLog;
import dev.naru.log.epoch.EpochEnd;
import dev.naru.log.epoch.EpochHistory;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.record.BatchBytes;
import dev.naru.record.Crc32c;
import dev.naru.types.PartitionId;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What systems of this kind have got wrong about following: what a replica does to its own log when
 * it hears who leads, and what it takes over.
 */
public enum PlantedFollowerBug implements Planted {

  /** Checklist 1: a restarted replica cuts its log to the watermark it knew. */
  CUTS_TO_THE_WATERMARK(2, "CandidateCompleteness LeaderCompleteness") {
    @Override
    public void beforeRoles(SortedMap<PartitionId, PartitionLog> logs) {
      logs.values().forEach(log -> log.truncateTo(log.highWatermark(), "planted"));
    }
  },

  /** Checklist 2: an epoch that the leader never had ends where the next one began (KIP-279). */
  TAKES_ANOTHER_EPOCH_FOR_THE_ASKED_ONE(
      78,
      "ByteIdentity EpochOrder LeaderCompleteness NoFalseAlarm OffsetDensity IllegalArgumentException") {
    @Override
    public SafetyRules safety() {
      return new Wrong() {
        @Override
        public SubscribeAnswer answer(
            EpochHistory history, long logStart, long end, LogTail follower) {
          if (follower.lastEpoch().isEmpty()) {
            return super.answer(history, logStart, end, follower);
          }
          long epochEnd =
              history.endOf(follower.lastEpoch().get(), end).map(EpochEnd::endOffset).orElse(end);
          return follower.end() <= epochEnd
              ? new SubscribeAnswer.FitsUpTo(follower.end())
              : new SubscribeAnswer.Parts(new EpochEnd(follower.lastEpoch().get(), epochEnd));
        }

        @Override
        public long cutTo(EpochHistory own, LogTail tail, EpochEnd point) {
          return point.endOffset();
        }
      };
    }
  },

  /**
   * Step 7: the follower cuts where the leader says, without looking at its own epochs. It takes
   * three leaders in quick succession to make that matter, and then the log may refuse: no batch
   * ends there.
   */
  CUTS_WITHOUT_LOOKING(
      532,
      "ByteIdentity EpochOrder LeaderCompleteness NoFalseAlarm OffsetDensity IllegalArgumentException") {
    @Override
    public SafetyRules safety() {
      return new Wrong() {
        @Override
        public long cutTo(EpochHistory own, LogTail tail, EpochEnd point) {
          return Math.min(tail.end(), point.endOffset());
        }
      };
    }
  },

  /** Checklist 25: a follower begins from nothing when it hears of a leader. */
  EMPTIES_ITS_LOG_WHEN_TOLD_WHO_LEADS(1, "Truncation") {
    @Override
    public PartitionAssignment assigned(
        PartitionAssignment assignment, LocalNode self, PartitionLog log) {
      if (assignment.entry().hasLeader() && !assignment.entry().isLedBy(self.id())) {
        log.truncateTo(log.start(), "planted");
      }
      return assignment;
    }
  },

  /** Step 2: whoever is in sync leads, whomever the image names. */
  LEADS_WHEN_IT_IS_IN_SYNC(1, "OffsetDensity OneWriterPerEpoch") {
    @Override
    public PartitionAssignment assigned(
        PartitionAssignment assignment, LocalNode self, PartitionLog log) {
      var entry = assignment.entry();
      if (!entry.hasLeader() || !entry.isr().contains(self.id())) {
        return assignment;
      }
      var ledHere =
          new PartitionImage(
              entry.replicas(),
              entry.isr(),
              entry.elr(),
              entry.lastKnown(),
              Optional.of(self.id()),
              entry.leaderEpoch(),
              entry.partitionEpoch());
      return new PartitionAssignment(
          assignment.id(),
          assignment.imageIndex(),
          ledHere,
          assignment.settings(),
          assignment.replicas());
    }
  },

  /**
   * Checklist 75: a buffer is used again before it was written, and the checksum taken after that.
   */
  APPENDS_OTHER_BYTES(1, "ByteIdentity OffsetDensity") {
    @Override
    public ToFollower heard(ToFollower message) {
      return message instanceof BatchesFrame frame
          ? new BatchesFrame(
              frame.subscription(),
              frame.leaderEpoch(),
              frame.highWatermark(),
              frame.logStart(),
              withOtherRecords(frame.batches()))
          : message;
    }

    private static BatchBytes withOtherRecords(BatchBytes batches) {
      var others = ByteBuffer.allocate(batches.size()).put(batches.asByteBuffer()).flip();
      for (int at = 0; at < others.limit(); at += batches.headerAt(at).sizeInBytes()) {
        int end = at + batches.headerAt(at).sizeInBytes();
        others.put(end - 2, (byte) (others.get(end - 2) ^ 1)); // of the last record's value
        others.putInt(at + 17, Crc32c.of(others, at + 21, end));
      }
      return BatchBytes.of(others);
    }
  },

  /** Checklist 5 and 9: a follower takes a watermark for what it does not hold. */
  TAKES_ANY_WATERMARK(1, "HighWatermark") {
    @Override
    public SafetyRules safety() {
      return new Wrong() {
        @Override
        public long followerWatermark(long held, long received, long end) {
          return Math.max(held, received);
        }
      };
    }
  };

  private final long pinnedSeed;
  private final String convictedBy;

  PlantedFollowerBug(long pinnedSeed, String convictedBy) {
    this.pinnedSeed = pinnedSeed;
    this.convictedBy = convictedBy;
  }

  @Override
  public World world() {
    return World.PLAIN;
  }

  @Override
  public long pinnedSeed() {
    return pinnedSeed;
  }

  @Override
  public List<String> convictedBy() {
    return List.of(convictedBy.split(" "));
  }

  private static class Wrong extends SafetyRules {}
}
