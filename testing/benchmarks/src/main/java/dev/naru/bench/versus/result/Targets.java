package dev.naru.bench.versus.result;

import static dev.naru.bench.versus.result.Measure.CPU_SECONDS_PER_GB;
import static dev.naru.bench.versus.result.Measure.MAX_MILLIS;
import static dev.naru.bench.versus.result.Measure.MEAN_MILLIS;
import static dev.naru.bench.versus.result.Measure.MEGABYTES_PER_SECOND;
import static dev.naru.bench.versus.result.Measure.P50_MILLIS;
import static dev.naru.bench.versus.result.Measure.P999_MILLIS;
import static dev.naru.bench.versus.result.Measure.P99_MILLIS;
import static dev.naru.bench.versus.result.Measure.RECORDS_PER_SECOND;
import static dev.naru.bench.versus.result.Measure.RESIDENT_MEBIBYTES;
import static dev.naru.bench.versus.result.Measure.TIME_MILLIS;
import static dev.naru.bench.versus.result.Target.across;
import static dev.naru.bench.versus.result.Target.higher;
import static dev.naru.bench.versus.result.Target.lower;

import dev.naru.bench.versus.result.Target.Direction;
import java.util.ArrayList;
import java.util.List;

/** What Naru wants to reach, beside Kafka in the same run. */
public final class Targets {

  private Targets() {}

  /** All of them, in the order of their rows. */
  public static List<Target> all() {
    var all = new ArrayList<Target>();
    addThroughput(all);
    addDurable(all);
    addOtherAcks(all);
    addLatency(all);
    addReading(all);
    addFaults(all);
    addManyPartitions(all);
    addRest(all);
    return all;
  }

  private static void addThroughput(List<Target> all) {
    all.add(higher("P1", "100 B, defaults", "produce-100B", RECORDS_PER_SECOND, 10, 6));
    all.add(higher("P2", "100 B, tuned", "produce-100B-tuned", RECORDS_PER_SECOND, 4.7, 3));
    all.add(higher("P3", "1 KiB, defaults", "produce-1KiB", RECORDS_PER_SECOND, 7, 4));
    all.add(higher("P3", "1 KiB, tuned", "produce-1KiB-tuned", RECORDS_PER_SECOND, 4, 2.5));
  }

  /** Kafka without fsync for what must be, Naru's own flush=os for the goal. */
  private static void addDurable(List<Target> all) {
    addDurable(all, "100 B, defaults", "produce-100B", 3);
    addDurable(all, "100 B, tuned", "produce-100B-tuned", 2);
    addDurable(all, "1 KiB, defaults", "produce-1KiB", 2);
    addDurable(all, "1 KiB, tuned", "produce-1KiB-tuned", 2);
    all.add(higher("P5", "100 B, fsync on both", "produce-100B-fsync", RECORDS_PER_SECOND, 20, 10));
    all.add(higher("P5", "1 KiB, fsync on both", "produce-1KiB-fsync", RECORDS_PER_SECOND, 20, 10));
    all.add(lower("P6", "CPU, 1 KiB, tuned", "produce-1KiB-tuned", CPU_SECONDS_PER_GB, 0.2, 0.33));
  }

  private static void addDurable(List<Target> all, String what, String caseName, double must) {
    var quorum =
        across(
            "P4",
            what + ", flush=quorum against Kafka without fsync",
            caseName + "-fsync",
            caseName,
            RECORDS_PER_SECOND,
            Direction.HIGHER,
            must,
            must);
    all.add(quorum.withoutGoal());
    var goal =
        across(
            "P4",
            what + ", flush=quorum against Naru's flush=os",
            caseName + "-fsync",
            caseName,
            RECORDS_PER_SECOND,
            Direction.HIGHER,
            0.75,
            0.75);
    all.add(goal.against(caseName).withoutMust());
  }

  private static void addOtherAcks(List<Target> all) {
    for (var acks : List.of("acks1", "acks0")) {
      all.add(higher("P7", acks + ", 100 B, defaults", acks + "-100B", RECORDS_PER_SECOND, 10, 3));
      all.add(higher("P7", acks + ", 1 KiB, defaults", acks + "-1KiB", RECORDS_PER_SECOND, 7, 3));
    }
    for (var size : List.of("100B", "1KiB")) {
      all.add(
          higher(
              "P7", "one node, " + size + ", defaults", "rf1-" + size, RECORDS_PER_SECOND, 5, 3));
      all.add(
          higher(
              "P7",
              "one node, " + size + ", tuned",
              "rf1-" + size + "-tuned",
              RECORDS_PER_SECOND,
              3,
              2));
    }
  }

  private static void addLatency(List<Target> all) {
    for (var measure : List.of(P50_MILLIS, P99_MILLIS, P999_MILLIS)) {
      all.add(lower("P8", "5,000/s, warm, " + measure.title(), "paced-1KiB", measure, 0.5, 1));
    }
    all.add(
        across(
            "P8",
            "5,000/s, warm, flush=quorum against Kafka without fsync, p99 ms",
            "paced-1KiB-fsync",
            "paced-1KiB",
            P99_MILLIS,
            Direction.LOWER,
            0.5,
            1.5));
    all.add(lower("P8", "5,000/s, cold client, p99 ms", "paced-1KiB-cold", P99_MILLIS, 0.2, 0.5));
    all.add(lower("P9", "end to end, one at a time, mean ms", "e2e", MEAN_MILLIS, 0.5, 1));
    all.add(lower("P9", "end to end, one at a time, p99 ms", "e2e", P99_MILLIS, 0.5, 1));
    addEndToEndRate(all);
  }

  private static void addEndToEndRate(List<Target> all) {
    for (var measure : List.of(P50_MILLIS, P99_MILLIS)) {
      var what = "end to end, 5,000/s, " + measure.title();
      all.add(lower("P9", what, "e2e-rate-1KiB", measure, 0.5, 1));
    }
    all.add(
        across(
            "P9",
            "end to end, 5,000/s, flush=quorum against Kafka without fsync, p99 ms",
            "e2e-rate-1KiB-fsync",
            "e2e-rate-1KiB",
            P99_MILLIS,
            Direction.LOWER,
            0.5,
            1));
  }

  private static void addReading(List<Target> all) {
    for (var size : List.of("100B", "1KiB")) {
      all.add(
          higher("P10", "one consumer, " + size, "consume-" + size, RECORDS_PER_SECOND, 2, 1.2));
      all.add(
          lower(
                  "P10",
                  "one consumer, " + size + ", CPU",
                  "consume-" + size,
                  CPU_SECONDS_PER_GB,
                  0.5,
                  0.5)
              .withoutMust());
    }
  }

  private static void addFaults(List<Target> all) {
    all.add(lower("P11", "kill -9 of a leader, longest gap", "kill-leader", MAX_MILLIS, 0.1, 0.2));
    all.add(lower("P12", "SIGTERM of a leader, longest gap", "stop-leader", MAX_MILLIS, 0.3, 1));
    all.add(
        lower(
            "P12",
            "kill -9 of the controller, until a topic can be made",
            "kill-controller",
            TIME_MILLIS,
            0.5,
            1));
  }

  private static void addManyPartitions(List<Target> all) {
    all.add(
        higher("P13", "1,000 partitions, settled", "partitions-1000", RECORDS_PER_SECOND, 7, 4));
    all.add(
        higher(
            "P13",
            "1,000 partitions, first writes",
            "partitions-1000-fresh",
            RECORDS_PER_SECOND,
            20,
            8));
    all.add(
        higher(
                "P13",
                "3,000 partitions against Naru's own 6",
                "partitions-3000",
                RECORDS_PER_SECOND,
                0.8,
                0.6)
            .against("produce-1KiB"));
  }

  private static void addRest(List<Target> all) {
    all.add(lower("P14", "1,000 topics at once", "create-1000-topics", TIME_MILLIS, 0.25, 0.5));
    all.add(
        lower(
            "P14",
            "1,000 topics, 100 at once",
            "create-1000-topics-by-100",
            TIME_MILLIS,
            0.25,
            0.5));
    all.add(
        lower(
            "P14",
            "1,000 topics one by one",
            "create-1000-topics-one-by-one",
            TIME_MILLIS,
            0.25,
            0.5));
    all.add(
        lower(
            "P14",
            "a topic of 1,000 partitions",
            "create-1000-partitions",
            TIME_MILLIS,
            0.25,
            0.5));
    all.add(
        lower(
            "P15",
            "restart with 3,000 partitions after SIGTERM",
            "restart-clean",
            TIME_MILLIS,
            0.25,
            0.5));
    all.add(
        lower(
            "P15",
            "restart with 3,000 partitions after kill -9",
            "restart-kill",
            TIME_MILLIS,
            0.25,
            0.5));
    addRestartOfForced(all, "the same with 10 GB after SIGTERM", "restart-clean-10GB");
    addRestartOfForced(all, "the same with 10 GB after kill -9", "restart-kill-10GB");
    all.add(lower("P16", "start of one node to the first ack", "start-1", TIME_MILLIS, 0.5, 1));
    all.add(lower("P16", "start of three nodes to the first ack", "start-3", TIME_MILLIS, 0.5, 1));
    all.add(lower("P17", "memory of a node, idle", "idle", RESIDENT_MEBIBYTES, 0.6, 1));
    all.add(
        lower(
            "P17",
            "memory of a node, after load",
            "produce-1KiB-tuned",
            RESIDENT_MEBIBYTES,
            0.6,
            1));
    all.add(higher("P18", "lz4, 3:1", "produce-1KiB-lz4", RECORDS_PER_SECOND, 3, 2));
    all.add(higher("P18", "zstd, 3:1", "produce-1KiB-zstd", RECORDS_PER_SECOND, 3, 2));
    all.add(higher("P19", "one producer, three consumers", "fan-out", MEGABYTES_PER_SECOND, 3, 2));
    all.add(lower("P20", "the command that lists topics", "cli-list", TIME_MILLIS, 0.25, 0.5));
    all.add(lower("P20", "the same of 1,000 topics", "list-1000-topics", TIME_MILLIS, 0.25, 0.5));
  }

  /** Naru forces what it acknowledges, as by default; Kafka, by default too, does not. */
  private static void addRestartOfForced(List<Target> all, String what, String caseName) {
    all.add(
        across(
            "P15",
            what + ", Naru's forced",
            caseName,
            caseName + "-os",
            TIME_MILLIS,
            Direction.LOWER,
            0.25,
            0.5));
  }
}
