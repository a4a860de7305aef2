package dev.naru.metadata.chronicle;

import dev.naru.metadata.chronicle.EntryEvents.Fields;
import dev.naru.metadata.chronicle.EventSubject.OfCluster;
import dev.naru.metadata.chronicle.EventSubject.OfNode;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ConfigEntry;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Tells of the cluster's rules and of settings, each by itself. */
final class ConfigChronicle {

  private ConfigChronicle() {}

  static void tell(ClusterImage before, ClusterImage after, Touched touched, EntryEvents entry) {
    if (touched.isCluster()) {
      ofCluster(before, after, entry);
    }
    for (var node : touched.configured()) {
      tell(
          ClusterEventCode.CONFIG_CHANGED,
          new OfNode(node),
          values(before.configs().of(node)),
          values(after.configs().of(node)),
          entry);
    }
  }

  private static void ofCluster(ClusterImage before, ClusterImage after, EntryEvents entry) {
    var cluster = new OfCluster();
    if (!before.isInitialized()) {
      entry.add(
          ClusterEventCode.CLUSTER_INITIALIZED,
          cluster,
          new Fields().with("version", after.metadataVersion()));
      return;
    }
    if (before.metadataVersion() != after.metadataVersion()) {
      entry.add(
          ClusterEventCode.METADATA_VERSION_FINALIZED,
          cluster,
          new Fields()
              .with("version", after.metadataVersion())
              .with("version_before", before.metadataVersion()));
    }
    tell(
        ClusterEventCode.CONFIG_CHANGED,
        cluster,
        values(before.configs().cluster()),
        values(after.configs().cluster()),
        entry);
  }

  /** An event for each value that is another one. */
  static void tell(
      ClusterEventCode code,
      EventSubject subject,
      Map<String, String> before,
      Map<String, String> after,
      EntryEvents entry) {
    var keys = new TreeSet<>(before.keySet());
    keys.addAll(after.keySet());
    for (var key : keys) {
      var old = Optional.ofNullable(before.get(key));
      var now = Optional.ofNullable(after.get(key));
      if (!old.equals(now)) {
        entry.add(
            code,
            subject,
            new Fields().with("key", key).with("value", now).with("value_before", old));
      }
    }
  }

  private static Map<String, String> values(Map<String, ConfigEntry> entries) {
    var values = new TreeMap<String, String>();
    entries.forEach((key, entry) -> values.put(key, entry.value()));
    return values;
  }
}
