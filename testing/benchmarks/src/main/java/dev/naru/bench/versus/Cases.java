package dev.naru.bench.versus;

import dev.naru.bench.versus.cluster.ClusterShape;
import dev.naru.bench.versus.result.Contender;
import java.util.List;

/** What is measured, and on which cluster. The order matters: what wants cold nodes comes first. */
final class Cases {

  private static final int KIB = 1024;
  private static final double PACE = 5000;
  private static final long TEN_GB = 10_000_000_000L; // or as much as --disk-gb allows

  private Cases() {}

  static List<Session> all() {
    return List.of(
        new Session("replicated", new ClusterShape(3, false), replicated()),
        new Session("forced", new ClusterShape(3, true), durable()),
        new Session("many-partitions", new ClusterShape(3, false), manyPartitions()),
        new Session("topic-creation", new ClusterShape(3, false), manyTopics()),
        new Session("restarts", new ClusterShape(3, false), restarts()),
        new Session("restarts-forced", new ClusterShape(3, true), restartsOfForced()),
        new Session("one-node", new ClusterShape(1, false), alone()),
        new Session("faults", new ClusterShape(3, false), faults()));
  }

  private static List<Case> replicated() {
    return List.of(
        new StartCase("start-3"),
        new IdleCase("idle"),
        ProduceCase.of("produce-100B", 100, "all"),
        ProduceCase.of("produce-100B-tuned", 100, "all").tuned(),
        ProduceCase.of("produce-1KiB", KIB, "all"),
        ProduceCase.of("produce-1KiB-tuned", KIB, "all").tuned(),
        ProduceCase.of("acks1-100B", 100, "1"),
        ProduceCase.of("acks1-1KiB", KIB, "1"),
        ProduceCase.of("acks0-100B", 100, "0"),
        ProduceCase.of("acks0-1KiB", KIB, "0"),
        ProduceCase.of("produce-1KiB-lz4", KIB, "all").tuned().compressed("lz4"),
        ProduceCase.of("produce-1KiB-zstd", KIB, "all").tuned().compressed("zstd"),
        ProduceCase.of("paced-1KiB", KIB, "all").paced(PACE),
        ProduceCase.of("paced-1KiB-cold", KIB, "all").paced(PACE).cold(),
        new RoundTripCase("e2e", 20_000),
        new EndToEndRateCase("e2e-rate-1KiB", PACE),
        new ReadCase("consume-100B", 100, 60_000_000),
        new ReadCase("consume-1KiB", KIB, 10_000_000),
        new FanOutCase("fan-out"),
        new ListCase("cli-list", 5, 11));
  }

  private static List<Case> durable() {
    return List.of(
        ProduceCase.of("produce-100B-fsync", 100, "all"),
        ProduceCase.of("produce-100B-tuned-fsync", 100, "all").tuned(),
        ProduceCase.of("produce-1KiB-fsync", KIB, "all"),
        ProduceCase.of("produce-1KiB-tuned-fsync", KIB, "all").tuned(),
        ProduceCase.of("paced-1KiB-fsync", KIB, "all").paced(PACE),
        new EndToEndRateCase("e2e-rate-1KiB-fsync", PACE));
  }

  private static List<Case> manyPartitions() {
    return List.of(
        new FreshCase("partitions-1000-fresh", 1000, 200_000),
        ProduceCase.of("partitions-1000", KIB, "all").over(1000),
        ProduceCase.of("partitions-3000", KIB, "all").over(3000).only(Contender.NARU));
  }

  private static List<Case> manyTopics() {
    return List.of(
        new CreateCase("create-1000-topics", 1000, 1, 1000),
        new CreateCase("create-1000-topics-by-100", 1000, 1, 100),
        new CreateCase("create-1000-topics-one-by-one", 1000, 1, 1),
        new CreateCase("create-1000-partitions", 1, 1000, 1),
        new ListCase("list-1000-topics", 1000, 11));
  }

  private static List<Case> restarts() {
    return List.of(
        RestartCase.of("restart-clean", false, 3000, 300_000_000L),
        RestartCase.of("restart-kill", true, 3000, 300_000_000L),
        RestartCase.of("restart-clean-10GB-os", false, 3000, TEN_GB),
        RestartCase.of("restart-kill-10GB-os", true, 3000, TEN_GB));
  }

  /**
   * As Naru is by default: what was acknowledged is on disk, and not read again. Kafka that forces
   * each batch would not come to an end of filling.
   */
  private static List<Case> restartsOfForced() {
    return List.of(
        RestartCase.of("restart-clean-10GB", false, 3000, TEN_GB).only(Contender.NARU),
        RestartCase.of("restart-kill-10GB", true, 3000, TEN_GB).only(Contender.NARU));
  }

  private static List<Case> alone() {
    return List.of(
        new StartCase("start-1"),
        ProduceCase.of("rf1-100B", 100, "1"),
        ProduceCase.of("rf1-100B-tuned", 100, "1").tuned(),
        ProduceCase.of("rf1-1KiB", KIB, "1"),
        ProduceCase.of("rf1-1KiB-tuned", KIB, "1").tuned());
  }

  private static List<Case> faults() {
    return List.of(
        new FaultCase("kill-leader", true),
        new FaultCase("stop-leader", false),
        new ControllerCase("kill-controller"));
  }
}
