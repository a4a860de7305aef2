package dev.naru.broker.config;

import dev.naru.metadata.image.Durability;
import dev.naru.metadata.image.DynamicSetting;
import dev.naru.metadata.image.DynamicSetting.Reach;
import dev.naru.metadata.image.TopicConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Prints docs/CONFIG.md from what the code declares. */
final class ConfigPage {

  private static final String HEAD =
      """
      # Settings

      Printed from the code by `ConfigPageTest`; do not edit. How an application's own settings are called, its pages
      say: [sending](guide/produce.md), [reading](guide/consume.md), [groups](guide/groups.md).

      ## Where a value comes from

      Later wins:

      1. what is built in,
      2. the node's file (`--config`), YAML: a nested key and a dotted key are the same,
      3. a variable: `log.segment.bytes` is `NARU_LOG_SEGMENT_BYTES`, a list is separated by commas,
      4. a flag: `naru node start --set log.segment.bytes=1GiB`,
      5. what is set of the cluster while it runs: `naru config set cluster log.segment.bytes=1GiB`,
      6. what is set of one node while it runs: `naru config set nodes/1 disk.used.ratio.max=0.9`,
      7. of a topic, what is set of the topic: `naru config set topics/orders retention.ms=7d`.

      The defaults of topics are the cluster's, not a node's: the first controller of a new cluster brings those of its
      own file, variables and flags, and from then on they change by `naru config set cluster` only.
      `naru config explain topics/orders retention.ms` says which of these holds, who set it and when, and what it hides.
      `naru config validate --config FILE` says all that is wrong with a node's file, each with its line, and asks nobody.

      Sizes take `B KiB MiB GiB TiB` and `kB MB GB TB`, durations `ms s m h d` or ISO 8601 (`PT5M`); a bare number is in
      the unit of the setting. An unknown key in a file or flag is refused, with the one that was probably meant; an
      unknown variable `NARU_…` is a warning, because platforms set some.

      ## Of nodes
      """;

  private ConfigPage() {}

  static String print() {
    var lines = new ArrayList<String>();
    lines.addAll(HEAD.lines().toList());
    lines.add("");
    lines.addAll(nodes());
    lines.add("");
    lines.add("## Of topics");
    lines.add("");
    lines.add(
        "A topic that does not set one of these has the cluster's, by the name in the second column, else what is built"
            + " in. All of them, and the cluster's, can be changed at any time and hold at once, with one exception:"
            + " `flush` of a topic goes from quorum to os and never back, also by a default or a preset, so that"
            + " `durability=fast` on a cluster in use cannot be taken back for the topics that it reaches. What else to"
            + " mind is said in [Topics in use](TOPICS.md#other-settings). Topics of Naru's own, such as"
            + " `__consumer_offsets`, take nothing from the cluster.");
    lines.add("");
    lines.addAll(topics());
    lines.add("");
    lines.add(
        "`num.partitions` and `default.replication.factor` are set of the cluster too: they count for topics");
    lines.add("that are created from then on.");
    lines.add("");
    lines.add("## `durability`");
    lines.add("");
    lines.add(
        "A preset, set of the cluster: defaults of several settings by one word. One of them that is set by itself,"
            + " of the topic or of the cluster, wins over it, and so does one that was in the first controller's file:"
            + " writing out what is built in is not the same as leaving it out. Whoever sets or explains a preset that"
            + " is hidden like this is told by the warning `HIDDEN`, and by `FLUSH_CANNOT_RETURN` which topics would"
            + " have `flush=os` for good; `--dry-run` says both before anything is changed.");
    lines.add("");
    lines.addAll(presets());
    return String.join("\n", lines) + "\n";
  }

  private static List<String> nodes() {
    var lines =
        header("setting", "kind", "default", "takes", "another value counts", "what it does");
    SettingKeys.ofNodes().values().stream()
        .map(setting ->
            row(
                code(setting.key()),
                setting.kind(),
                setting.isRequired() ? "must be set" : setting.byDefault().orElse(setting.absent()),
                setting.expected(),
                setting.dynamic().map(ConfigPage::effect).orElseGet(() -> atAStart(setting)),
                setting.doc()))
        .forEach(lines::add);
    return lines;
  }

  private static String atAStart(NodeSetting setting) {
    return setting.key().equals("log.roll.hours")
        ? "when a cluster is initialized"
        : "after a restart";
  }

  private static String effect(DynamicSetting setting) {
    return setting.reach() == Reach.TOPICS
        ? "set of the cluster: " + setting.effect()
        : setting.effect();
  }

  private static List<String> topics() {
    var lines = header("setting", "of the cluster", "built in", "takes", "what it does");
    Arrays.stream(TopicConfig.values())
        .map(config ->
            row(
                code(config.key()),
                code(DynamicSetting.defaultOf(config).key()),
                config.builtIn(),
                config.expected(),
                config.doc()))
        .forEach(lines::add);
    return lines;
  }

  private static List<String> presets() {
    var keys =
        Arrays.stream(TopicConfig.values())
            .filter(config ->
                Arrays.stream(Durability.values()).anyMatch(each -> each.of(config).isPresent()))
            .toList();
    var names = new ArrayList<String>();
    names.add("preset");
    keys.forEach(config -> names.add(code(config.key())));
    var lines = header(names.toArray(String[]::new));
    for (var preset : Durability.values()) {
      var cells = new ArrayList<String>();
      cells.add(code(preset.text()));
      keys.forEach(config -> cells.add(preset.of(config).orElse("built in")));
      lines.add(row(cells.toArray(String[]::new)));
    }
    return lines;
  }

  private static List<String> header(String... names) {
    var lines = new ArrayList<String>();
    lines.add(row(names));
    lines.add(Arrays.stream(names).map(_ -> "---").collect(Collectors.joining(" | ", "| ", " |")));
    return lines;
  }

  private static String row(String... cells) {
    return Arrays.stream(cells)
        .map(cell -> cell.replace("|", "\\|"))
        .collect(Collectors.joining(" | ", "| ", " |"));
  }

  private static String code(String text) {
    return "`" + text + "`";
  }
}
