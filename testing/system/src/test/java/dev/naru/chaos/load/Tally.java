package dev.naru.chaos.load;

import dev.naru.testing.history.Operation;
import dev.naru.testing.history.Operation.Polled;
import dev.naru.testing.history.Operation.SendOk;
import dev.naru.testing.history.PartitionName;
import dev.naru.testing.history.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The short answer to one question, while the long ones are left to the checker: which acknowledged
 * records cannot be read at the place that the acknowledgement names.
 */
public final class Tally {

  private static final Recorder DEAF =
      new Recorder() {
        @Override
        public void record(Operation operation) {}

        @Override
        public void close() {}
      };

  private final Map<PartitionName, Map<Long, Value>> acknowledged = new TreeMap<>();
  private long altered;

  /** Of a client that writes. */
  public Recorder ofWriter() {
    return new Recorder() {
      @Override
      public void record(Operation operation) {
        if (operation instanceof SendOk ok) {
          acknowledged(ok);
        }
      }

      @Override
      public void close() {}
    };
  }

  /** Of a client that nobody asks. */
  public Recorder ofNobody() {
    return DEAF;
  }

  /** Of a client that reads everything: what it is given is taken off what may be lost. */
  public Recorder ofFinalReader() {
    return new Recorder() {
      @Override
      public void record(Operation operation) {
        if (operation instanceof Polled polled) {
          read(polled);
        }
      }

      @Override
      public void close() {}
    };
  }

  private synchronized void acknowledged(SendOk ok) {
    acknowledged
        .computeIfAbsent(ok.partition(), _ -> new HashMap<>())
        .put(ok.offset().orElseThrow(), ok.value());
  }

  private synchronized void read(Polled polled) {
    if (polled.value().isEmpty()) {
      altered++;
    }
    var left = acknowledged.getOrDefault(polled.partition(), Map.of());
    polled.value().ifPresent(value -> left.remove(polled.offset(), value));
  }

  /** Acknowledged and not read, after everything was read. */
  public synchronized long lost() {
    return acknowledged.values().stream().mapToLong(Map::size).sum();
  }

  /** Read, and not what anybody sent. */
  public synchronized long altered() {
    return altered;
  }

  /** Per partition with losses, the first and last offset of what is lost, and how many. */
  public synchronized Map<PartitionName, String> losses() {
    var losses = new TreeMap<PartitionName, String>();
    acknowledged.forEach((partition, left) -> {
      if (!left.isEmpty()) {
        var offsets = new TreeSet<>(left.keySet());
        losses.put(
            partition,
            "%d from %d to %d".formatted(offsets.size(), offsets.first(), offsets.last()));
      }
    });
    return losses;
  }
}
