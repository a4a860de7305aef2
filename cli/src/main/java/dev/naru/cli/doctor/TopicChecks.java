package dev.naru.cli.doctor;

import dev.naru.client.admin.PartitionDescription;
import dev.naru.client.admin.TopicDescription;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How topics are laid out, and whether all of their copies are there. */
final class TopicChecks {

  private static final int COPIES_MIN = 3;

  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
  private static final String MIN_ISR = "min.insync.replicas";
  private static final String NO_TOPICS = "there are no topics";

  private TopicChecks() {}

  static List<Finding> racks(ClusterFacts facts) {
    var racks = new TreeMap<Integer, String>();
    facts
        .nodes()
        .forEach(each -> each.node().rack().ifPresent(rack -> racks.put(each.node().id(), rack)));
    if (racks.isEmpty()) {
      return List.of(Finding.notChecked(Check.RACK_CONCENTRATION, "no node names its rack"));
    }
    var rackless =
        facts.nodes().stream()
            .filter(each -> each.node().rack().isEmpty())
            .map(each -> warning(Check.RACK_CONCENTRATION, each.name(), "names no rack"));
    int available = new TreeSet<>(racks.values()).size();
    var crowded =
        each(
            facts,
            Check.RACK_CONCENTRATION,
            Severity.WARN,
            partition ->
                racksOf(partition, racks) < Math.min(available, partition.replicas().size()),
            "partitions have copies in fewer racks than they could");
    var few =
        available == 1 && facts.nodes().size() > 1
            ? Stream.of(
                warning(
                    Check.RACK_CONCENTRATION,
                    Finding.CLUSTER,
                    "all nodes are in rack " + racks.firstEntry().getValue()))
            : Stream.<Finding>empty();
    return Doctor.orOk(
        Check.RACK_CONCENTRATION,
        Stream.of(rackless, few, crowded).flatMap(faults -> faults),
        "copies are spread over " + available + " racks as far as they go");
  }

  private static long racksOf(PartitionDescription partition, Map<Integer, String> racks) {
    return partition.replicas().stream()
        .map(racks::get)
        .filter(Objects::nonNull)
        .distinct()
        .count();
  }

  static List<Finding> offline(ClusterFacts facts) {
    return Doctor.orOk(
        Check.PARTITION_OFFLINE,
        each(
            facts,
            Check.PARTITION_OFFLINE,
            Severity.ERROR,
            partition -> partition.leader().isEmpty(),
            "partitions have no leader"),
        "every partition has a leader");
  }

  static List<Finding> underReplicated(ClusterFacts facts) {
    return Doctor.orOk(
        Check.UNDER_REPLICATED,
        each(
            facts,
            Check.UNDER_REPLICATED,
            Severity.WARN,
            partition -> partition.isr().size() < partition.replicas().size(),
            "partitions have copies that are not in sync"),
        "all copies are in sync");
  }

  static List<Finding> copies(ClusterFacts facts) {
    return Doctor.orOk(
        Check.RF_BELOW_3,
        facts.topics().stream(),
        facts.topics().stream()
            .filter(topic -> topic.replicationFactor() < COPIES_MIN)
            .map(topic ->
                warning(
                    Check.RF_BELOW_3,
                    name(topic),
                    topic.replicationFactor() == 1
                        ? "has one copy: it is gone with its disk"
                        : "has " + topic.replicationFactor() + " copies")),
        "all topics have three copies or more",
        NO_TOPICS);
  }

  static List<Finding> minIsr(ClusterFacts facts) {
    return Doctor.orOk(
        Check.MIN_ISR_EQUALS_RF,
        facts.topics().stream().filter(topic -> minIsrOf(topic, facts).isPresent()),
        facts.topics().stream()
            .filter(topic ->
                topic.replicationFactor() > 1
                    && minIsrOf(topic, facts).orElse(0) >= topic.replicationFactor())
            .map(topic ->
                warning(
                    Check.MIN_ISR_EQUALS_RF,
                    name(topic),
                    "needs all its %d copies for acks=all: it cannot be written while one node restarts"
                        .formatted(topic.replicationFactor()))),
        "topics can be written with one copy away",
        "of no topic it is known how many copies must be there");
  }

  /** Its own, else that of the cluster. */
  private static OptionalInt minIsrOf(TopicDescription topic, ClusterFacts facts) {
    return Optional.ofNullable(topic.configs().get(MIN_ISR))
        .or(() -> facts.settings().ofTopics(MIN_ISR))
        .filter(value -> NUMBER.matcher(value).matches())
        .map(value -> OptionalInt.of(Integer.parseInt(value)))
        .orElseGet(OptionalInt::empty);
  }

  /** One finding for each topic with such partitions, which are named. */
  private static Stream<Finding> each(
      ClusterFacts facts,
      Check check,
      Severity severity,
      Predicate<PartitionDescription> isFault,
      String what) {
    return facts.topics().stream()
        .flatMap(topic -> {
          var faults = topic.partitions().stream().filter(isFault).toList();
          return faults.isEmpty()
              ? Stream.empty()
              : Stream.of(
                  new Finding(
                      check,
                      severity,
                      name(topic),
                      "%d of %d %s: %s"
                          .formatted(
                              faults.size(),
                              topic.partitionCount(),
                              what,
                              some(
                                  faults.stream().map(PartitionDescription::partition).toList()))));
        });
  }

  private static String some(List<Integer> partitions) {
    int shown = Math.min(10, partitions.size());
    return partitions.subList(0, shown) + (shown < partitions.size() ? " and more" : "");
  }

  private static Finding warning(Check check, String subject, String message) {
    return new Finding(check, Severity.WARN, subject, message);
  }

  private static String name(TopicDescription topic) {
    return "topics/" + topic.name();
  }
}
