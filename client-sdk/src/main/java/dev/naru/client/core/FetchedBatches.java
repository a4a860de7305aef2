package dev.naru.client.core;

import dev.naru.record.BatchBytes;
import dev.naru.record.BatchCheck;
import dev.naru.record.BatchHeader;
import dev.naru.record.BatchRefusedException;
import dev.naru.record.InflationLimit;
import dev.naru.record.RecordReader;
import dev.naru.types.LeaderEpoch;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Batches as they were fetched, opened one at a time and each checked before anything of it is
 * believed, unless the application does without. Owned by the consumer's thread.
 */
final class FetchedBatches {

  private final BatchBytes batches;
  private final long end;
  private final LeaderEpoch lastEpoch;
  private final boolean checksCrcs;
  private int at; // where the batch under the reader, or the next one, begins
  private @Nullable RecordReader reader;
  private boolean hasRecord; // whether the reader stands at one
  private long readEnd; // after the last batch that was left behind

  private FetchedBatches(BatchBytes batches, BatchHeader last, boolean checksCrcs) {
    this.batches = batches;
    this.checksCrcs = checksCrcs;
    this.end = last.nextOffset();
    this.lastEpoch = new LeaderEpoch(last.leaderEpoch());
    this.readEnd = batches.header().baseOffset();
  }

  /**
   * What can be read of an answer: the whole batches up to the first that is damaged.
   *
   * @param checksCrcs whether checksums are compared before records are read
   * @throws BatchRefusedException if that is none
   */
  static FetchedBatches of(BatchBytes answer, boolean checksCrcs) {
    int at = 0;
    BatchHeader last = answer.headerAt(0);
    while (at < answer.size()) {
      BatchHeader header;
      try {
        header = answer.headerAt(at);
      } catch (BatchRefusedException e) {
        break; // it will be the first of another answer, and reported with its offset
      }
      last = header;
      at += header.sizeInBytes();
    }
    return new FetchedBatches(answer.slice(0, at), last, checksCrcs);
  }

  int sizeInBytes() {
    return batches.size();
  }

  /** The offset that follows the last batch. */
  long end() {
    return end;
  }

  /** Leader epoch of the last batch. */
  LeaderEpoch lastEpoch() {
    return lastEpoch;
  }

  /** The offset that follows what was read or skipped as a whole. */
  long readEnd() {
    return readEnd;
  }

  /**
   * A reader that stands at the next record at or after the position, or null when none is left.
   * That is the same record again as long as the position has not passed it.
   *
   * @throws BatchRefusedException if the batch it lies in cannot be read
   */
  @Nullable RecordReader next(long position) {
    while (true) {
      var open = reader;
      if (open != null) {
        if (hasRecord && open.offset() >= position) {
          return open;
        }
        while (open.advance()) {
          hasRecord = true;
          if (open.offset() >= position) {
            return open;
          }
        }
        leave(open.header());
      }
      if (at >= batches.size()) {
        return null;
      }
      open(position);
    }
  }

  private void open(long position) {
    var header = batches.headerAt(at);
    if (header.lastOffset() < position || header.isControl()) {
      leave(header);
      return;
    }
    var batch = batches.slice(at, header.sizeInBytes());
    BatchCheck.frame(batch, batch.size())
        .or(() -> checksCrcs ? BatchCheck.checksum(batch) : Optional.empty())
        .ifPresent(why -> {
          throw new BatchRefusedException(why);
        });
    reader = RecordReader.open(batch, InflationLimit.DEFAULT);
  }

  private void leave(BatchHeader header) {
    at += header.sizeInBytes();
    readEnd = Math.max(readEnd, header.nextOffset());
    reader = null;
    hasRecord = false;
  }

  /** The header of the batch under the reader, or that could not be opened. */
  BatchHeader header() {
    return reader != null ? reader.header() : batches.headerAt(at);
  }
}
