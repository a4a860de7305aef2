package dev.naru.cli.output;

import dev.naru.cli.json.Json;
import dev.naru.client.admin.ConfigDescription;
import dev.naru.client.admin.ConfigExplanation;
import dev.naru.client.admin.ConfigSetting;
import dev.naru.client.admin.TopicWarning;
import dev.naru.client.admin.UpgradeReadiness;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Settings for people, and in the JSON of the admin API's messages. */
public final class ConfigText {

  private ConfigText() {}

  /** A {@code Config}. */
  public static Json json(ConfigDescription config) {
    return Json.object()
        .with("name", resource(config))
        .with("etag", config.etag())
        .with("settings", Json.array(config.settings().stream().map(ConfigText::json)))
        .with("warnings", warnings(config.warnings()))
        .with("metadataIndex", Json.int64(config.metadataIndex()))
        .build();
  }

  /** {@code topics/orders/config}. */
  public static String resource(ConfigDescription config) {
    return config.subject().name() + "/config";
  }

  private static Json json(ConfigSetting setting) {
    var fields =
        Json.object()
            .with("key", setting.key())
            .with("value", setting.value())
            .with("source", "CONFIG_SOURCE_" + setting.source());
    if (!setting.detail().isEmpty()) {
      fields.with("detail", setting.detail());
    }
    setting.principal().ifPresent(name -> fields.with("principal", name));
    setting.changed().ifPresent(at -> fields.with("changeTime", at.toString()));
    if (setting.changeIndex() > 0) {
      fields.with("changeIndex", Json.int64(setting.changeIndex()));
    }
    return fields.build();
  }

  private static Json warnings(List<TopicWarning> warnings) {
    return Json.array(
        warnings.stream()
            .map(warning ->
                Json.object()
                    .with("code", warning.code())
                    .with("message", warning.message())
                    .build()));
  }

  /** A {@code ConfigExplanation}. */
  public static Json json(ConfigExplanation told) {
    return Json.object()
        .with("name", told.subject().name() + "/config")
        .with("key", told.key())
        .with("value", told.value())
        .with("doc", told.doc())
        .with("takes", told.takes())
        .with("layers", Json.array(told.layers().stream().map(ConfigText::json)))
        .with("takesEffect", told.takesEffect())
        .with("needsRestart", Json.bool(told.needsRestart()))
        .with("warnings", warnings(told.warnings()))
        .build();
  }

  /** A row for each setting. */
  public static List<String> table(ConfigDescription config) {
    var table = new Table("SETTING", "VALUE", "SOURCE", "CHANGED", "BY");
    for (var setting : config.settings()) {
      table.row(
          setting.key(),
          setting.value().isEmpty() ? "-" : setting.value(),
          source(setting),
          setting.changed().map(Instant::toString).orElse("-"),
          setting.principal().orElse("-"));
    }
    return table.lines();
  }

  /** What it is, and the places that say so, from the one in force to those that it hides. */
  public static List<String> text(ConfigExplanation told) {
    var lines = new ArrayList<String>();
    lines.addAll(
        new Table(told.key(), told.value().isEmpty() ? "not set" : told.value())
            .row("of", told.subject().name())
            .row("does", told.doc())
            .row("takes", told.takes().isEmpty() ? "-" : told.takes())
            .row("another value counts", told.takesEffect())
            .lines());
    if (!told.layers().isEmpty()) {
      lines.add("");
      var table = new Table("", "VALUE", "SOURCE", "CHANGED", "BY", "INDEX");
      String place = "in force";
      for (var layer : told.layers()) {
        table.row(
            place,
            layer.value(),
            source(layer),
            layer.changed().map(Instant::toString).orElse("-"),
            layer.principal().orElse("-"),
            layer.changeIndex() > 0 ? layer.changeIndex() : "-");
        place = "hidden";
      }
      lines.addAll(table.lines());
    }
    return lines;
  }

  /** Where a value comes from, in words. */
  static String source(ConfigSetting setting) {
    var words =
        switch (setting.source()) {
          case DEFAULT -> "built in";
          case FILE -> "file";
          case VARIABLE -> "variable";
          case FLAG -> "flag";
          case PRESET -> "preset";
          case FIRST_CONTROLLER -> "first controller";
          case CLUSTER -> "cluster";
          case NODE -> "node";
          case TOPIC -> "topic";
        };
    return setting.detail().isEmpty() ? words : words + ": " + setting.detail();
  }

  /** An {@code UpgradeReadiness}. */
  public static Json json(UpgradeReadiness told) {
    return Json.object()
        .with("metadataVersion", told.metadataVersion())
        .with("metadataVersionNewest", told.newest())
        .with("ready", Json.bool(told.isReady()))
        .with(
            "nodes",
            Json.array(
                told.nodes().stream()
                    .map(node ->
                        Json.object()
                            .with("node", node.node())
                            .with("version", node.version())
                            .with("metadataVersionMin", node.metadataVersionMin())
                            .with("metadataVersionMax", node.metadataVersionMax())
                            .with("state", "STATE_" + node.state())
                            .with("ready", Json.bool(node.isReady()))
                            .with("reason", node.reason())
                            .build())))
        .build();
  }

  /** A row for each node. */
  public static List<String> table(UpgradeReadiness told) {
    var table = new Table("NODE", "RELEASE", "KNOWS", "STATE", "READY", "REASON");
    for (var node : told.nodes()) {
      table.row(
          node.node(),
          node.version(),
          node.metadataVersionMin() + " to " + node.metadataVersionMax(),
          node.state(),
          node.isReady() ? "yes" : "no",
          node.reason().isEmpty() ? "-" : node.reason());
    }
    return table.lines();
  }
}
