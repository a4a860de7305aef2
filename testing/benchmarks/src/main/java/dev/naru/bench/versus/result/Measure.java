package dev.naru.bench.versus.result;

import java.util.EnumMap;
import java.util.Map;

/** What is measured of a case. */
public enum Measure {
  /** Throughput; megabytes are millions of bytes of values. */
  RECORDS_PER_SECOND("recordsPerSecond", "records/s"),
  /** The same in bytes. */
  MEGABYTES_PER_SECOND("megabytesPerSecond", "MB/s"),
  /** Of all processes of the system and its clients, just-in-time compilers included. */
  CPU_SECONDS_PER_GB("cpuSecondsPerGb", "cpu-s/GB"),
  /** Time to the acknowledgement, or to the consumer end to end; Kafka's tools tell it finer. */
  MEAN_MILLIS("meanMs", "mean ms"),
  /** The same. */
  P50_MILLIS("p50Ms", "p50 ms"),
  /** The same. */
  P99_MILLIS("p99Ms", "p99 ms"),
  /** The same. */
  P999_MILLIS("p999Ms", "p99.9 ms"),
  /** The same; in a case with a fault, how long nothing was acknowledged. */
  MAX_MILLIS("maxMs", "max ms"),
  /** How long one thing took. */
  TIME_MILLIS("timeMs", "time ms"),
  /** The same of a command none of whose files is in memory. */
  COLD_MILLIS("coldMs", "cold ms"),
  /** Resident memory of a node, in the mean of the nodes, at the end of the case. */
  RESIDENT_MEBIBYTES("residentMib", "MiB a node");

  private final String key;
  private final String title;

  Measure(String key, String title) {
    this.key = key;
    this.title = title;
  }

  /** A copy in the order of measures; EnumMap itself refuses to copy another map that is empty. */
  public static Map<Measure, Double> copyOf(Map<Measure, Double> figures) {
    var copy = new EnumMap<Measure, Double>(Measure.class);
    copy.putAll(figures);
    return copy;
  }

  /** The name for programs. */
  public String key() {
    return key;
  }

  /** The name for people. */
  public String title() {
    return title;
  }
}
