package dev.naru.log.inspect;

import dev.naru.record.BatchHeader;
import dev.naru.record.Record;
import java.util.List;

/** One thing to be said of a file: what it holds next, or what is wrong with it. */
public sealed interface Detail {

  /** A file is about to be told of. */
  record Begins(String file, FileKind kind, long bytes) implements Detail {}

  /**
   * A batch of a segment.
   *
   * @param isChecksumRight whether its bytes are those its checksum was taken of
   */
  record Batch(long position, BatchHeader header, boolean isChecksumRight) implements Detail {}

  /** A record of the batch told of last. It is a view of memory that is used again. */
  record OneRecord(Record record) implements Detail {}

  /** An entry of an index, or a record of the journal of durable points. */
  record Entry(long position, List<Field> fields) implements Detail {

    /** Keeps a copy. */
    public Entry {
      fields = List.copyOf(fields);
    }
  }

  /** A line of a small file, from the one that names its kind on. */
  record Line(int number, String text) implements Detail {}

  /** Good to know, and no damage: the torn tail of a crash, an index that will be made anew. */
  record Note(String file, long position, String text) implements Detail {}

  /** Damage: not what was written, and not the work of a crash as far as can be told. */
  record Fault(String file, long position, String reason) implements Detail {}

  /** All has been told of a file. */
  record Ends(String file, Totals totals) implements Detail {}

  /** Something that an entry says: a number, or a name. */
  record Field(String name, Object value) {

    static Field of(String name, long number) {
      return new Field(name, number);
    }

    static Field of(String name, String text) {
      return new Field(name, text);
    }
  }

  /**
   * What a file amounted to. For a segment its batches and their records and offsets; for all other
   * files only how many entries or lines there were.
   */
  record Totals(long items, long records, long baseOffset, long endOffset, int faults) {}
}
