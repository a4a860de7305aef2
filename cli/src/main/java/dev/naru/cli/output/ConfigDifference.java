package dev.naru.cli.output;

import dev.naru.client.admin.ConfigDescription;
import dev.naru.client.admin.ConfigSetting;
import dev.naru.client.admin.ConfigSetting.Source;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a change of settings did: a value is another one, or the same and now set by itself, so that
 * it stays when what it was taken from changes.
 */
public final class ConfigDifference {

  private static final String STARTED_WITH_UNKNOWN = "STARTED_WITH_UNKNOWN";

  private final ConfigDescription before;
  private final ConfigDescription after;
  private final SortedSet<String> keys;

  /** Of these settings, which somebody asked to change. */
  public ConfigDifference(
      SortedSet<String> asked, ConfigDescription before, ConfigDescription after) {
    this.before = before;
    this.after = after;
    this.keys = new TreeSet<>(asked);
    keys.removeIf(key -> said(before, key).equals(said(after, key)));
  }

  /** Whether everything is as it was. */
  public boolean isNone() {
    return keys.isEmpty();
  }

  /** A row for each setting that is not as it was. */
  public List<String> table() {
    var table = new Table("SETTING", "OLD", "NEW");
    keys.forEach(key -> table.row(key, said(before, key), said(after, key)));
    return isNone() ? List.of() : table.lines();
  }

  private static String said(ConfigDescription config, String key) {
    return config
        .setting(key)
        .map(setting -> said(config, setting))
        .orElse(isWhole(config) ? "-" : "unknown here");
  }

  /** The value, and where it comes from if it is not set of the subject itself. */
  private static String said(ConfigDescription config, ConfigSetting setting) {
    return setting.source() == own(config)
        ? setting.value()
        : "%s (%s)".formatted(setting.value(), ConfigText.source(setting));
  }

  private static Source own(ConfigDescription config) {
    var name = config.subject().name();
    if (name.startsWith("nodes/")) {
      return Source.NODE;
    }
    return name.startsWith("topics/") ? Source.TOPIC : Source.CLUSTER;
  }

  private static boolean isWhole(ConfigDescription config) {
    return config.warnings().stream()
        .noneMatch(warning -> warning.code().equals(STARTED_WITH_UNKNOWN));
  }
}
