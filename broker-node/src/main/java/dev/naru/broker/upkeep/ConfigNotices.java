package dev.naru.broker.upkeep;

import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ConfigEntry;
import dev.naru.metadata.image.ConfigImage;
import dev.naru.metadata.image.ConfigOrigin;
import dev.naru.metadata.image.ImageDelta;
import dev.naru.metadata.image.TopicImage;
import dev.naru.metadata.log.Applied;
import dev.naru.metadata.log.ImageSubscriber;
import dev.naru.types.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.pcollections.TreePMap;

/**
 * Writes into the log of each node which settings were changed while nodes run, and by whom, so
 * that it can be found where the consequences are.
 */
public final class ConfigNotices implements ImageSubscriber {

  private static final Logger LOG = LogManager.getLogger(ConfigNotices.class);

  /** Of one delta, which after a pause may be that of a day. */
  private static final int LINES_MAX = 50;

  @Override
  public void imageChanged(ImageDelta delta, Applied applied) {
    if (!delta.before().isInitialized()) {
      return; // the first image: all is old
    }
    var lines = changes(delta.before(), delta.after());
    lines.stream().limit(LINES_MAX).forEach(line -> LOG.info("{}", line));
    if (lines.size() > LINES_MAX) {
      LOG.info("And {} more settings were changed", lines.size() - LINES_MAX);
    }
  }

  /** A line for each setting that is another one. */
  static List<String> changes(ClusterImage before, ClusterImage after) {
    var lines = new ArrayList<String>();
    if (before.metadataVersion() != after.metadataVersion()) {
      lines.add(
          "metadata.version is %s for good, after %s; set by %s"
              .formatted(
                  after.metadataVersion(),
                  before.metadataVersion(),
                  who(after.configs().finalized())));
    }
    if (!before.configs().equals(after.configs())) {
      addOfCluster(before.configs(), after.configs(), lines);
    }
    if (!before.topics().equals(after.topics())) {
      for (var topic : after.topics().values()) {
        before
            .topic(topic.id())
            .filter(known -> !known.configs().equals(topic.configs()))
            .ifPresent(
                known -> addAll("topics/" + topic.name(), entries(known), entries(topic), lines));
      }
    }
    return lines;
  }

  private static void addOfCluster(ConfigImage before, ConfigImage after, List<String> lines) {
    addAll("cluster", before.cluster(), after.cluster(), lines);
    var nodes = new TreeSet<NodeId>(before.nodes().keySet());
    nodes.addAll(after.nodes().keySet());
    nodes.forEach(node -> addAll("nodes/" + node, before.of(node), after.of(node), lines));
  }

  private static void addAll(
      String subject,
      TreePMap<String, ConfigEntry> before,
      TreePMap<String, ConfigEntry> after,
      List<String> lines) {
    var keys = new TreeSet<>(before.keySet());
    keys.addAll(after.keySet());
    for (var key : keys) {
      var old = Optional.ofNullable(before.get(key)).map(ConfigEntry::value);
      var present = Optional.ofNullable(after.get(key));
      if (!old.equals(present.map(ConfigEntry::value))) {
        lines.add(
            present
                .map(entry ->
                    "%s of %s is %s, after %s; set by %s"
                        .formatted(
                            key,
                            subject,
                            entry.value(),
                            old.orElse("nothing"),
                            who(Optional.of(entry.origin()))))
                .orElseGet(() ->
                    "%s of %s is not set any more; it was %s"
                        .formatted(key, subject, old.orElseThrow())));
      }
    }
  }

  private static TreePMap<String, ConfigEntry> entries(TopicImage topic) {
    TreePMap<String, ConfigEntry> entries = TreePMap.empty();
    for (var config : topic.configs().entrySet()) {
      var origin =
          Optional.ofNullable(topic.origins().get(config.getKey()))
              .orElseGet(() -> new ConfigOrigin(0, 0, ""));
      entries = entries.plus(config.getKey(), new ConfigEntry(config.getValue(), origin));
    }
    return entries;
  }

  private static String who(Optional<ConfigOrigin> origin) {
    return origin
        .map(ConfigOrigin::principal)
        .filter(name -> !name.isEmpty())
        .orElse("a node of the cluster");
  }
}
