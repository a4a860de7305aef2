package dev.naru.cli.output;

import dev.naru.cli.json.Json;
import dev.naru.cli.records.JsonBytes;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.HotKey;
import dev.naru.client.admin.LoadListing;
import dev.naru.client.admin.PartitionLoad;
import dev.naru.client.admin.TopicLoad;
import dev.naru.client.admin.TrafficRate;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What producers send, for people and for programs. */
public final class LoadText {

  private LoadText() {}

  /** By what loads are compared. */
  public enum By {
    BYTES(TrafficRate::bytesPerSecond),
    RECORDS(TrafficRate::recordsPerSecond);

    @SuppressWarnings("ImmutableEnumChecker") // it holds nothing
    private final ToDoubleFunction<TrafficRate> amount;

    By(ToDoubleFunction<TrafficRate> amount) {
      this.amount = amount;
    }

    /** How much it is, in a second. */
    public double of(TrafficRate rate) {
      return amount.applyAsDouble(rate);
    }
  }

  /** A topic and its partitions; rates are over a minute. */
  public static Json json(TopicLoad topic) {
    return json(topic, HotKeyNames.none());
  }

  /** The same, with the keys that were found behind hashes. */
  public static Json json(TopicLoad topic, HotKeyNames names) {
    var fields =
        Json.object()
            .with("name", "topics/" + topic.topic())
            .with("bytesPerSecond", number(topic.minute().bytesPerSecond(), 1))
            .with("recordsPerSecond", number(topic.minute().recordsPerSecond(), 1));
    topic.skew().ifPresent(skew -> fields.with("skew", number(skew, 3)));
    return fields
        .with(
            "partitions",
            Json.array(
                topic.partitions().stream()
                    .map(load ->
                        Json.object()
                            .with("partition", load.partition().partition())
                            .with("node", load.node())
                            .with("bytesPerSecond", number(load.minute().bytesPerSecond(), 1))
                            .with("recordsPerSecond", number(load.minute().recordsPerSecond(), 1))
                            .with("share", number(topic.shareOf(load), 4))
                            .with(
                                "hotKeys",
                                Json.array(
                                    load.hotKeys().stream()
                                        .map(key -> json(load.partition(), key, names))))
                            .build())))
        .build();
  }

  private static Json json(TopicPartition partition, HotKey key, HotKeyNames names) {
    var fields = Json.object().with("hash", key.hashText());
    var name = names.nameOf(partition, key);
    if (name.isPresent()) {
      JsonBytes.write(fields, "key", name);
    }
    return fields.with("share", number(key.share(), 4)).build();
  }

  private static Json number(double value, int digits) {
    return new Json.Num(BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP));
  }

  /** The busiest topics, then the busiest partitions, so many of each. */
  public static List<String> top(LoadListing listing, By by, int most) {
    var topics =
        listing.topics().stream()
            .sorted(
                Comparator.comparingDouble((TopicLoad topic) -> by.of(topic.minute())).reversed())
            .limit(most)
            .toList();
    double all = listing.loads().stream().mapToDouble(load -> by.of(load.minute())).sum();
    var lines = new ArrayList<String>();
    var table = new Table("TOPIC", "BYTES/S", "RECORDS/S", "SHARE", "SKEW");
    topics.forEach(topic ->
        table.row(
            topic.topic(),
            amount(topic.minute().bytesPerSecond()),
            amount(topic.minute().recordsPerSecond()),
            percent(by.of(topic.minute()), all),
            skew(topic)));
    lines.addAll(table.lines());
    lines.add("");
    var partitions = new Table("PARTITION", "NODE", "BYTES/S", "RECORDS/S", "SHARE");
    listing.loads().stream()
        .sorted(
            Comparator.comparingDouble((PartitionLoad load) -> by.of(load.minute()))
                .reversed()
                .thenComparing(PartitionLoad::partition))
        .limit(most)
        .forEach(load ->
            partitions.row(
                load.partition(),
                load.node(),
                amount(load.minute().bytesPerSecond()),
                amount(load.minute().recordsPerSecond()),
                percent(by.of(load.minute()), all)));
    lines.addAll(partitions.lines());
    return lines;
  }

  /** One topic's partitions, how unevenly they are written, and by which keys. */
  public static List<String> describe(TopicLoad topic, HotKeyNames names) {
    var lines = new ArrayList<String>();
    var table = new Table("PARTITION", "NODE", "BYTES/S", "RECORDS/S", "BYTES/S 5 MIN", "SHARE");
    topic
        .partitions()
        .forEach(load ->
            table.row(
                load.partition().partition(),
                load.node(),
                amount(load.minute().bytesPerSecond()),
                amount(load.minute().recordsPerSecond()),
                amount(load.fiveMinutes().bytesPerSecond()),
                percent(load.minute().bytesPerSecond(), topic.minute().bytesPerSecond())));
    lines.addAll(table.lines());
    lines.add("");
    lines.add("skew (busiest to mean): " + skew(topic));
    var hottest = HotKeyNames.hottest(topic);
    if (!hottest.isEmpty()) {
      lines.add("");
      var keys = new Table("HOT KEY", "PARTITION", "OF ITS RECORDS", "OF THE TOPIC'S");
      hottest.forEach(hot ->
          keys.row(
              names.textOf(hot.partition(), hot.key()),
              hot.partition().partition(),
              percent(hot.key().share(), 1),
              percent(hot.ofTopic(), 1)));
      lines.addAll(keys.lines());
    }
    return lines;
  }

  private static String skew(TopicLoad topic) {
    var skew = topic.skew();
    return skew.isPresent() ? String.format(Locale.ROOT, "%.1f", skew.getAsDouble()) : "-";
  }

  private static String amount(double perSecond) {
    return String.format(Locale.ROOT, perSecond < 10 ? "%.1f" : "%.0f", perSecond);
  }

  private static String percent(double part, double all) {
    return all <= 0 ? "-" : String.format(Locale.ROOT, "%.1f %%", 100 * part / all);
  }
}
