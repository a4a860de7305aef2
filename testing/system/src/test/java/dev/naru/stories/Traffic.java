package dev.naru.stories;

import dev.naru.chaos.host.Wait;
import dev.naru.chaos.load.Load;
import dev.naru.chaos.load.Progress;
import dev.naru.chaos.load.Recorder;
import dev.naru.chaos.load.Tally;
import dev.naru.chaos.load.Workload;
import dev.naru.client.NaruClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** Writers and readers of many topics of one partition each, with a pair for each topic. */
final class Traffic implements AutoCloseable {

  private static final int RECORDS_PER_SECOND = 4;
  private static final int RECORD_BYTES = 100;

  private final NaruClient client;
  private final Tally tally = new Tally();
  private final SortedMap<String, Load> loads = new TreeMap<>();

  private Traffic(NaruClient client) {
    this.client = client;
  }

  /** Begins. */
  static Traffic begin(NaruClient client, List<String> topics) {
    var traffic = new Traffic(client);
    for (var topic : topics) {
      var workload = new Workload(topic, 1, 1, RECORDS_PER_SECOND, RECORD_BYTES, 1);
      traffic.loads.put(topic, Load.begin(workload, client, traffic::recorder));
    }
    return traffic;
  }

  private Recorder recorder(String name) {
    return name.startsWith("writer") ? tally.ofWriter() : tally.ofNobody();
  }

  /** Topics of which records are acknowledged, and others read, within this time. */
  SortedSet<String> served(Duration time) {
    var written = each(Progress::acknowledged);
    var read = each(Progress::read);
    Wait.hold(time);
    var served = moreThan(written, each(Progress::acknowledged));
    served.retainAll(moreThan(read, each(Progress::read)));
    return served;
  }

  private SortedMap<String, Long> each(ToLongFunction<Progress> figure) {
    var figures = new TreeMap<String, Long>();
    loads.forEach((topic, load) -> figures.put(topic, figure.applyAsLong(load.progress())));
    return figures;
  }

  private static SortedSet<String> moreThan(Map<String, Long> before, Map<String, Long> now) {
    return now.entrySet().stream()
        .filter(each -> each.getValue() > before.getOrDefault(each.getKey(), 0L))
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  long acknowledged() {
    return sum(Progress::acknowledged);
  }

  /** Records that readers have been given. */
  long read() {
    return sum(Progress::read);
  }

  /** Records whose producer gave up. */
  long failed() {
    return sum(Progress::failed);
  }

  private long sum(ToLongFunction<Progress> figure) {
    return loads.values().stream().mapToLong(load -> figure.applyAsLong(load.progress())).sum();
  }

  /** The longest time without an acknowledgement in any of the topics. */
  long longestGapMillis() {
    return loads.values().stream()
        .mapToLong(load -> load.progress().longestGapMillis())
        .max()
        .orElse(0);
  }

  /** What clients were told, and how often. */
  SortedMap<String, Long> told() {
    var told = new TreeMap<String, Long>();
    loads
        .values()
        .forEach(load -> load.progress().failures().forEach((k, n) -> told.merge(k, n, Long::sum)));
    return told;
  }

  /** Writes no more, reads everything again, and says how many acknowledged records are missing. */
  long lost() {
    loads.values().forEach(Load::stopWriting);
    for (var topic : loads.keySet()) {
      try (var reading =
          Load.begin(
              new Workload(topic, 1, 0, 1, RECORD_BYTES, 0), client, _ -> tally.ofFinalReader())) {
        reading.readEverything("final");
      }
    }
    return tally.lost();
  }

  @Override
  public void close() {
    loads.values().forEach(Load::abandonWriting);
    loads.values().forEach(Load::stopReading);
  }
}
