package dev.naru.cli.doctor;

import dev.naru.client.admin.ClusterDescription;
import dev.naru.client.admin.TopicDescription;
import dev.naru.client.admin.UpgradeReadiness;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the doctor has gathered, at about one moment.
 *
 * @param topics all of them, those that Naru keeps for itself too
 * @param upgrade how far nodes are on the way to newer rules; empty if nobody told
 * @param bootstrapServers how many were named
 */
public record ClusterFacts(
    ClusterDescription cluster,
    List<NodeFacts> nodes,
    List<TopicDescription> topics,
    SettingsFacts settings,
    Optional<UpgradeReadiness> upgrade,
    int bootstrapServers) {

  /** Keeps copies. */
  public ClusterFacts {
    nodes = List.copyOf(nodes);
    topics = List.copyOf(topics);
  }

  /** Those whose metrics are known. */
  Stream<NodeFacts> heard() {
    return nodes.stream().filter(facts -> facts.metrics().isPresent());
  }

  /** All series of this name, of all nodes. */
  Stream<OfNode> series(String name) {
    return heard()
        .flatMap(facts ->
            facts.metrics().stream()
                .flatMap(page -> page.all(name).stream())
                .map(series -> new OfNode(facts, series)));
  }

  /** A series and whose it is. */
  record OfNode(NodeFacts node, MetricsText.Series series) {

    double value() {
      return series.value();
    }

    String label(String name) {
      return series.label(name);
    }
  }
}
