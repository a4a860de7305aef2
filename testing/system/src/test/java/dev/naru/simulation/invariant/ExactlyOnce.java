package dev.naru.simulation.invariant;

import dev.naru.record.BatchHeader;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * I17: of the batches that a producer has numbered each is committed once and in its turn; and
 * nobody who keeps to the rules is told that he does not, unless records were lost.
 */
public final class ExactlyOnce implements Invariant {

  private static final Set<ErrorCode> OUT_OF_TURN =
      EnumSet.of(
          ErrorCode.UNKNOWN_PRODUCER_ID,
          ErrorCode.OUT_OF_ORDER_SEQUENCE,
          ErrorCode.DUPLICATE_SEQUENCE,
          ErrorCode.PRODUCER_FENCED);

  private record Last(short epoch, long next) {}

  @Override
  public void everything(Scene scene, PartitionId partition) {
    scene.replicas(partition).stream()
        .filter(replica -> scene.isPresentLeader(replica) && !scene.isRotten(replica))
        .forEach(this::check);
  }

  private void check(Replica leader) {
    var log = leader.view().log();
    boolean isWhole = log.start() == 0;
    Map<Long, Last> known = new TreeMap<>();
    for (var header : Replica.headers(log, log.start())) {
      if (header.hasProducer() && header.nextOffset() <= leader.view().highWatermark()) {
        check(leader, header, known.get(header.producerId()), isWhole);
        long next = header.baseSequence() + header.lastOffsetDelta() + 1L;
        known.put(header.producerId(), new Last(header.producerEpoch(), next));
      }
    }
  }

  private void check(Replica leader, BatchHeader header, @Nullable Last last, boolean isWhole) {
    boolean isRight =
        last == null
            ? !isWhole || header.baseSequence() == 0
            : last.epoch() == header.producerEpoch()
                ? header.baseSequence() == last.next()
                : header.producerEpoch() > last.epoch() && header.baseSequence() == 0;
    if (!isRight) {
      throw violated(
          leader.partition(),
          "at offset %d is batch %d of epoch %d of producer %d, behind %s",
          header.baseOffset(),
          header.baseSequence(),
          header.producerEpoch(),
          header.producerId(),
          last == null ? "nothing" : last);
    }
  }

  @Override
  public void numbersBroken(Scene scene, PartitionId partition, Refused why) {
    if (OUT_OF_TURN.contains(why.code()) && !isAnythingLost(scene, partition)) {
      throw violated(partition, "a producer that keeps to the rules was refused: %s", why);
    }
  }

  static boolean isAnythingLost(Scene scene, PartitionId partition) {
    return !scene.truth(partition).lost().isEmpty()
        || scene.entry(partition).filter(entry -> !entry.losses().all().isEmpty()).isPresent();
  }
}
