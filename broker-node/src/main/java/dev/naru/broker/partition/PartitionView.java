package dev.naru.broker.partition;

import dev.naru.broker.partition.ReadVerdict.DataLost;
import dev.naru.broker.partition.ReadVerdict.Denied;
import dev.naru.broker.partition.ReadVerdict.Readable;
import dev.naru.broker.partition.ReadVerdict.Waits;
import dev.naru.broker.replica.KnownLeader;
import dev.naru.broker.replica.LeaderEpochCheck;
import dev.naru.log.LogView;
import dev.naru.log.epoch.EpochEnd;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.Optional;

/**
 * A partition as it was at one moment, for any thread.
 *
 * @param leaderEpoch of the role
 * @param leader as this node's image has it
 * @param highWatermark everything below is committed, and nothing else may be read
 * @param epochStart offset at which the leader's epoch starts; meaningless but at the leader
 * @param isBehind whether Naru itself writes the partition, and has yet to write what it knew when
 *     it began
 * @param isConfirmed whether all that may lead next have the leader's history; meaningless but at
 *     the leader
 * @param producers of how many the log knows the last batches
 */
public record PartitionView(
    PartitionId id,
    PartitionRole role,
    LeaderEpoch leaderEpoch,
    Optional<KnownLeader> leader,
    long highWatermark,
    long epochStart,
    boolean isBehind,
    boolean isConfirmed,
    LogView log,
    int producers) {

  public boolean isLeader() {
    return role == PartitionRole.LEADER;
  }

  /** Whether it is led here in this epoch, and all that may lead next have reported in it. */
  public boolean isFollowedIn(LeaderEpoch epoch) {
    return isLeader() && leaderEpoch.equals(epoch) && isConfirmed;
  }

  /**
   * Whether the high watermark is at least what any earlier leader showed. Until then nobody can be
   * told the newest offset (KIP-207). Nor where Naru is about to write what should be there
   * already: whoever reads to the end would miss it.
   */
  public boolean isNewestOffsetKnown() {
    return highWatermark >= epochStart && !isBehind;
  }

  /**
   * What a reader gets at this offset (step 13).
   *
   * @param knownEpoch the newest leader epoch the reader has heard of, if it has
   * @param lastEpoch epoch of the last record it read, if it read one
   */
  public ReadVerdict admit(
      long offset, Optional<LeaderEpoch> knownEpoch, Optional<LeaderEpoch> lastEpoch) {
    if (!isLeader()) {
      return denied(
          leader.isEmpty() ? ErrorCode.LEADER_NOT_AVAILABLE : ErrorCode.NOT_LEADER,
          "Expected the leader of %s, but this node is none; it knows of %s",
          id,
          leader);
    }
    // Who has its place from somebody else, as from its group, may know of a later epoch by that
    // alone.
    var wrongEpoch =
        lastEpoch
            .filter(leaderEpoch::isBefore)
            .or(() -> knownEpoch)
            .flatMap(epoch -> LeaderEpochCheck.whyNot(epoch, leaderEpoch));
    if (wrongEpoch.isPresent()) {
      return new Denied(wrongEpoch.get());
    }
    var parted = lastEpoch.flatMap(epoch -> whereHistoriesPart(offset, epoch));
    if (parted.isPresent()) {
      return whyNotCertain(knownEpoch).<ReadVerdict>map(Denied::new).orElseGet(parted::get);
    }
    if (offset >= log.start() && offset < highWatermark) {
      return new Readable(highWatermark);
    }
    if (offset >= log.start() && offset <= log.end()) {
      return new Waits();
    }
    return offset > log.end() && !(isNewestOffsetKnown() && isConfirmed)
        ? denied(
            ErrorCode.OFFSET_NOT_AVAILABLE,
            "Expected an offset up to %d, but was %d, and the newest is not known yet",
            log.end(),
            offset)
        : denied(
            ErrorCode.OFFSET_OUT_OF_RANGE,
            "Expected an offset from %d to %d, but was %d",
            log.start(),
            highWatermark,
            offset);
  }

  /**
   * This node may be a leader that the others have left, with a history that nobody shares. A
   * reader that has read from its successor knows so; one that names no epoch might, and one that
   * was told of this leader by somebody else might, as long as not all that may lead next follow
   * it.
   */
  private Optional<Refused> whyNotCertain(Optional<LeaderEpoch> knownEpoch) {
    if (knownEpoch.isEmpty()) {
      return Optional.of(
          new Refused(
              ErrorCode.UNKNOWN_LEADER_EPOCH,
              "Expected a reader of records that are not here to name its leader epoch, but it did not"));
    }
    return isConfirmed
        ? Optional.empty()
        : Optional.of(
            new Refused(
                ErrorCode.UNKNOWN_LEADER_EPOCH,
                "Expected all of ISR and ELR to follow leader epoch %s before records are called lost, but some do not yet"
                    .formatted(leaderEpoch)));
  }

  /**
   * A reader whose last record was of an epoch stands inside that epoch here too, or its record is
   * gone.
   */
  private Optional<ReadVerdict> whereHistoriesPart(long offset, LeaderEpoch lastEpoch) {
    var shared = log.epochs().endOf(lastEpoch, log.end());
    // Without a shared epoch, all that the log still has was written later.
    long end = shared.map(EpochEnd::endOffset).orElse(log.start());
    boolean isOther = shared.isPresent() && !shared.get().epoch().equals(lastEpoch);
    if (offset <= end && !isOther) {
      return Optional.empty();
    }
    return Optional.of(
        new DataLost(
            Math.min(offset, end),
            new Refused(
                ErrorCode.DATA_LOST,
                "Expected records of leader epoch %s up to %d, but here that history ends at %d"
                    .formatted(lastEpoch, offset, Math.min(offset, end)))));
  }

  private static ReadVerdict denied(ErrorCode code, String format, Object... values) {
    return new Denied(new Refused(code, format.formatted(values)));
  }
}
