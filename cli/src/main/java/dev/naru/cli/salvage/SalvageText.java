package dev.naru.cli.salvage;

import dev.naru.cli.json.Json;
import dev.naru.cli.output.Table;
import dev.naru.cli.records.Timestamps;
import dev.naru.client.admin.SalvageEntry;
import dev.naru.client.admin.SalvageReason;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** What was set aside, in words, and in the JSON of the admin API's messages. */
public final class SalvageText {

  private static final Instant YEAR_10000 = Instant.ofEpochSecond(253_402_300_800L);

  private SalvageText() {}

  /** So many of these, in words: {@code 1 record}, {@code 2 batches}. */
  static String counted(long count, String what) {
    String plural = what.endsWith("h") ? "es" : "s";
    return "%,d %s%s".formatted(count, what, count == 1 ? "" : plural);
  }

  /** The columns that fit a terminal. */
  public static List<String> table(List<SalvageEntry> entries) {
    var table = new Table("ID", "NODE", "PARTITION", "WHY", "OFFSETS", "RECORDS", "BYTES", "WHEN");
    entries.forEach(entry ->
        table.row(
            entry.id(),
            entry.node(),
            partition(entry),
            word(entry),
            offsets(entry),
            recordsAtMost(entry),
            entry.bytes(),
            when(entry)));
    return table.lines();
  }

  /** All columns. */
  public static List<String> wide(List<SalvageEntry> entries) {
    var table =
        new Table(
            "ID",
            "NODE",
            "PARTITION",
            "TOPIC ID",
            "WHY",
            "OFFSETS",
            "RECORDS",
            "EPOCHS",
            "BYTES",
            "FILES",
            "WHEN",
            "SENTENCE");
    entries.forEach(entry ->
        table.row(
            entry.id(),
            entry.node(),
            partition(entry),
            entry.topicId().map(Object::toString).orElse("?"),
            word(entry),
            offsets(entry),
            recordsAtMost(entry),
            entry.epochs().isEmpty() ? "-" : entry.epochs(),
            entry.bytes(),
            entry.files(),
            when(entry),
            sentence(entry)));
    return table.lines();
  }

  /** A {@code SalvageEntry}. */
  public static Json json(SalvageEntry entry) {
    var fields = Json.object().with("name", entry.name());
    entry.topicId().ifPresent(id -> fields.with("topicId", id.toString()));
    entry.topic().ifPresent(topic -> fields.with("topic", "topics/" + topic));
    entry.partition().ifPresent(partition -> fields.with("partition", partition));
    fields.with("reason", "REASON_" + entry.reason()).with("why", entry.why());
    number(fields, "fromOffset", entry.offsets().from());
    number(fields, "toOffset", entry.offsets().to());
    fields.with("epochs", entry.epochs());
    entry.created().ifPresent(time -> fields.with("createTime", time(time)));
    fields.with("bytes", Json.int64(entry.bytes())).with("files", entry.files());
    entry.unreadable().ifPresent(reason -> fields.with("unreadable", reason));
    return fields.build();
  }

  private static void number(Json.Fields fields, String name, OptionalLong value) {
    value.ifPresent(present -> fields.with(name, Json.int64(present)));
  }

  /** Topic and number; of a topic that is no more its id. */
  public static String partition(SalvageEntry entry) {
    if (entry.topicId().isEmpty()) {
      return "?";
    }
    String topic = entry.topic().orElse(entry.topicId().get().toString());
    return topic + "/" + entry.partition().orElse(0);
  }

  private static String word(SalvageEntry entry) {
    return entry.unreadable().isPresent()
        ? "unreadable"
        : entry.reason().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** From the first offset to the last, as far as anybody knows. */
  public static String offsets(SalvageEntry entry) {
    var from = entry.offsets().from();
    var to = entry.offsets().to();
    return from.isEmpty()
        ? "?"
        : from.getAsLong() + "-" + (to.isPresent() ? Long.toString(to.getAsLong() - 1) : "");
  }

  /** As many as there are offsets; compaction may have taken some. */
  private static String recordsAtMost(SalvageEntry entry) {
    var to = entry.offsets().to();
    return to.isPresent() ? Long.toString(to.getAsLong() - entry.offsets().from().orElse(0)) : "?";
  }

  private static String when(SalvageEntry entry) {
    return entry.created().map(SalvageText::time).orElse("?");
  }

  private static String time(Instant time) {
    return time.isBefore(YEAR_10000) ? Timestamps.rfc3339(time) : time.toString();
  }

  /** Why it was set aside, for people. */
  public static String sentence(SalvageEntry entry) {
    return entry.unreadable().orElse(entry.why());
  }

  /** What the reason means for its records. */
  public static String meaning(SalvageReason reason) {
    return switch (reason) {
      case CUT_TAIL -> "a follower cut it off because its leader did not have it";
      case TORN_TAIL -> "a start cut it off after a crash; other replicas may have it";
      case STARTED_OVER -> "a follower began anew, and has fetched what was committed again";
      case DAMAGED -> "damage was found in it, and the log has fetched its records again";
      case ABOVE_DAMAGE -> "it lay above damage, and the log has fetched its records again";
      case UNUSABLE -> "nothing of it could be used, and the log was fetched again";
      case TOPIC_DELETED -> "a person deleted its topic";
      case REPLICA_MOVED -> "its replica was moved to another node, which has its records";
      case NOT_OURS ->
          "the cluster gives the node no replica of it, and nobody knows why it had one";
      case UNKNOWN -> "nothing says why it was set aside";
    };
  }
}
