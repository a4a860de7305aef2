package dev.naru.log.salvage;

import dev.naru.record.BatchBytes;
import dev.naru.record.BatchHeader;
import java.util.List;
import java.util.Optional;

/**
 * A part of what an entry holds.
 *
 * @param next where the following page begins; empty on the last
 */
public record SetAsidePage(List<Piece> pieces, Optional<Place> next) {

  /** Keeps a copy. */
  public SetAsidePage {
    pieces = List.copyOf(pieces);
  }

  /**
   * A position in a file of batches.
   *
   * @param file its name below the entry's directory
   */
  public record Place(String file, long position) {

    @Override
    public String toString() {
      return file + ":" + position;
    }

    /**
     * Reads the form that {@link #toString} writes.
     *
     * @throws IllegalArgumentException if the text has another form
     */
    public static Place parse(String text) {
      int colon = text.lastIndexOf(':');
      if (colon < 0) {
        throw new IllegalArgumentException("Expected <file>:<position>, but was " + text);
      }
      long position = Long.parseLong(text.substring(colon + 1));
      if (position < 0) {
        throw new IllegalArgumentException("Expected a position >= 0, but was " + text);
      }
      return new Place(text.substring(0, colon), position);
    }
  }

  /** What lies at a place. */
  public sealed interface Piece {

    /** Where. */
    Place place();

    /** How many bytes its file has. */
    long fileBytes();

    /** A batch whose checksum fits. */
    record Batch(Place place, long fileBytes, BatchBytes bytes) implements Piece {}

    /**
     * Bytes that are no batch, or no longer the one they were.
     *
     * @param size how many; reading goes on after them
     * @param header what they say that they are, if that makes sense
     * @param reason "Expected ..., but ..."
     */
    record Bad(Place place, long fileBytes, long size, Optional<BatchHeader> header, String reason)
        implements Piece {}
  }
}
