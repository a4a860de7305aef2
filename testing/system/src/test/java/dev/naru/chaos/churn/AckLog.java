package dev.naru.chaos.churn;

import dev.naru.chaos.load.Recorder;
import dev.naru.testing.history.Operation;
import dev.naru.testing.history.Operation.SendOk;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/** When which offset was acknowledged to its producer. Any thread may tell it. */
final class AckLog implements Recorder {

  private static final int OFFSETS_FIRST = 1024;

  private final SortedMap<Integer, long[]> nanos = new TreeMap<>(); // by partition; 0: not
  private long count;

  @Override
  public synchronized void record(Operation operation) {
    if (operation instanceof SendOk ok && ok.offset().isPresent()) {
      int offset = Math.toIntExact(ok.offset().getAsLong());
      long[] of = nanos.getOrDefault(ok.partition().partition(), new long[OFFSETS_FIRST]);
      if (offset >= of.length) {
        of = Arrays.copyOf(of, Math.max(offset + 1, 2 * of.length));
      }
      of[offset] = ok.atNanos();
      nanos.put(ok.partition().partition(), of);
      count++;
    }
  }

  @Override
  public void close() {}

  /** How many records are acknowledged. */
  synchronized long count() {
    return count;
  }

  /** When; 0 if it was not, or is not known to be. */
  synchronized long atNanos(int partition, long offset) {
    long[] of = nanos.getOrDefault(partition, new long[0]);
    return offset < of.length ? of[(int) offset] : 0;
  }

  /** The end of what is acknowledged, of each partition. */
  synchronized Map<Integer, Long> ends() {
    var ends = new TreeMap<Integer, Long>();
    nanos.forEach((partition, of) -> {
      int end = of.length;
      while (end > 0 && of[end - 1] == 0) {
        end--;
      }
      ends.put(partition, (long) end);
    });
    return ends;
  }

  /** Every offset of a partition that was acknowledged. */
  synchronized void forEach(int partition, LongConsumer to) {
    long[] of = nanos.getOrDefault(partition, new long[0]);
    for (int offset = 0; offset < of.length; offset++) {
      if (of[offset] != 0) {
        to.accept(offset);
      }
    }
  }
}
