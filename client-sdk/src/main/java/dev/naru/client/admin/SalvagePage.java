package dev.naru.client.admin;

import dev.naru.client.NaruException;
import dev.naru.record.BatchBytes;
import dev.naru.record.BatchHeader;
import dev.naru.record.BatchRefusedException;
import dev.naru.record.InflationLimit;
import dev.naru.record.Record;
import dev.naru.record.RecordReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A part of what was set aside.
 *
 * @param pieces in the order of the files
 * @param next what to ask for next; empty on the last page
 */
public record SalvagePage(List<Piece> pieces, Optional<String> next) {

  /** Keeps a copy. */
  public SalvagePage {
    pieces = List.copyOf(pieces);
  }

  /**
   * What lies at a place.
   *
   * @param file its file, below the entry's directory
   * @param fileBytes how many bytes that file has
   * @param position where in the file it begins
   * @param size how many bytes it has
   * @param content what it is
   */
  public record Piece(String file, long fileBytes, long position, long size, Content content) {}

  /** A batch, or bytes that are none. */
  public sealed interface Content permits Batch, Bad {}

  /** A batch whose checksum fits, at the node and after its way here. */
  public record Batch(BatchBytes bytes) implements Content {

    /** What it says of itself. */
    public BatchHeader header() {
      return bytes.header();
    }

    /**
     * Its records, in order; their buffers are views of the batch, or of what it inflates to.
     *
     * @throws NaruException if they cannot be read in spite of the checksum
     */
    public List<Record> records() {
      try {
        var records = new ArrayList<Record>();
        RecordReader.open(bytes, InflationLimit.DEFAULT).forEachRemaining(records::add);
        return records;
      } catch (BatchRefusedException e) {
        throw NaruException.of(e.refused());
      }
    }
  }

  /**
   * Bytes that are no batch, or no longer the one they were. They are not sent.
   *
   * @param claim what they say that they are, if that makes sense
   */
  public record Bad(String fault, Optional<Claim> claim) implements Content {}

  /** What the header of a damaged batch says; it may be what is damaged. */
  public record Claim(long baseOffset, int recordCount) {}
}
