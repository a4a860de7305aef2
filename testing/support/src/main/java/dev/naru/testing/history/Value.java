package dev.naru.testing.history;

/**
 * What a record is recognised by. No two sends of a run have the same one.
 *
 * @param producer tag of one producer, never used again: a client that opens another one takes
 *     another tag
 * @param sequence rises by one with every send of this producer, from 0, whatever the partition
 */
public record Value(int producer, int sequence) {

  public Value {
    if (producer < 0 || sequence < 0) {
      throw new IllegalArgumentException(
          "Expected a producer and a sequence >= 0, but were %d and %d"
              .formatted(producer, sequence));
    }
  }

  /** Both in one number, never negative. */
  long packed() {
    return (long) producer << Integer.SIZE | sequence;
  }

  static Value unpacked(long packed) {
    return new Value((int) (packed >>> Integer.SIZE), (int) packed);
  }

  @Override
  public String toString() {
    return "p" + producer + "#" + sequence;
  }
}
