package dev.naru.cli.doctor;

import dev.naru.client.admin.UpgradeReadiness;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether nodes are of one kind: started alike, of one release. */
final class SettingsChecks {

  private SettingsChecks() {}

  static List<Finding> defaults(ClusterFacts facts) {
    var settings = facts.settings();
    return Doctor.orOk(
        Check.DEFAULTS_DIFFER,
        settings.nodes().size() < 2 ? Stream.empty() : Stream.of(settings),
        settings.differing().entrySet().stream()
            .map(differs ->
                new Finding(
                    Check.DEFAULTS_DIFFER,
                    Severity.WARN,
                    Finding.CLUSTER,
                    "nodes differ in %s: %s"
                        .formatted(
                            differs.getKey(),
                            differs.getValue().entrySet().stream()
                                .map(each -> each.getKey() + " on " + each.getValue())
                                .collect(Collectors.joining(", "))))),
        settings.nodes().size() + " nodes have the same settings, but for what is each one's own",
        "fewer than two nodes tell their settings");
  }

  static List<Finding> releases(ClusterFacts facts) {
    var releases = new TreeMap<String, TreeSet<Integer>>();
    for (var each : facts.nodes()) {
      releases
          .computeIfAbsent(each.node().version(), release -> new TreeSet<>())
          .add(each.node().id());
    }
    var mixed =
        releases.size() > 1
            ? Stream.of(fault("nodes run different releases: " + releases))
            : Stream.<Finding>empty();
    return Doctor.orOk(
        Check.UPGRADE_NOT_READY,
        Stream.concat(mixed, facts.upgrade().stream().flatMap(SettingsChecks::heldBack)),
        "all nodes run %s%s"
            .formatted(
                releases.keySet(),
                facts
                    .upgrade()
                    .filter(UpgradeReadiness::isReady)
                    .map(told ->
                        ", and metadata version %d, after %d, can be put into force: naru cluster upgrade finalize"
                            .formatted(told.newest(), told.metadataVersion()))
                    .orElse("")));
  }

  /** A node that cannot go along holds all others back. */
  private static Stream<Finding> heldBack(UpgradeReadiness told) {
    return told.newest() <= told.metadataVersion()
        ? Stream.empty()
        : told.nodes().stream()
            .filter(node -> !node.isReady())
            .map(node ->
                new Finding(
                    Check.UPGRADE_NOT_READY,
                    Severity.WARN,
                    "nodes/" + node.node(),
                    "knows metadata versions up to %d, and others %d: %s"
                        .formatted(node.metadataVersionMax(), told.newest(), node.reason())));
  }

  private static Finding fault(String message) {
    return new Finding(Check.UPGRADE_NOT_READY, Severity.WARN, Finding.CLUSTER, message);
  }
}
