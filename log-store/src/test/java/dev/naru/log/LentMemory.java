package dev.naru.log;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Counts what it lends, and spoils what is given back. */
final class LentMemory implements ReadMemory {

  private int lent;

  /** How much of it somebody still holds. */
  int lent() {
    return lent;
  }

  @Override
  public Room lend(int bytes) {
    byte[] array = new byte[bytes];
    lent++;
    return new Room(
        ByteBuffer.wrap(array),
        () -> {
          lent--;
          Arrays.fill(array, (byte) 0xdd);
        });
  }
}
