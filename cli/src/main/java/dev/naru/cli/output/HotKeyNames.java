package dev.naru.cli.output;

import dev.naru.client.TopicPartition;
import dev.naru.client.admin.HotKey;
import dev.naru.client.admin.PartitionLoad;
import dev.naru.client.admin.TopicLoad;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The keys behind hashes, as far as they were found. Producers tell nodes hashes only, unless they
 * are set to show keys; whoever may read the records may know the keys.
 */
public final class HotKeyNames {

  /** As many are shown for a topic. */
  private static final int SHOWN_MAX = 10;

  /** A key with less of its partition is not what makes it busy. */
  private static final double SHARE_MIN = 0.05;

  private static final int CHARACTERS_MAX = 64;

  private final Map<Place, ByteBuffer> found = new LinkedHashMap<>();

  private record Place(TopicPartition partition, long hash) {}

  /**
   * A hot key of a topic.
   *
   * @param ofTopic its share of all records of the topic
   */
  record Shown(TopicPartition partition, HotKey key, double ofTopic) {}

  /** Nothing was found. */
  public static HotKeyNames none() {
    return new HotKeyNames();
  }

  /** The hash in this partition stands for this key. */
  public void found(TopicPartition partition, long hash, ByteBuffer key) {
    found.put(new Place(partition, hash), key);
  }

  /** What was found: where, and what. */
  public List<String> places() {
    return found.entrySet().stream()
        .map(entry -> entry.getKey().partition() + " " + text(entry.getValue()))
        .toList();
  }

  /** What the hash in this partition stands for. */
  Optional<ByteBuffer> nameOf(TopicPartition partition, HotKey key) {
    return Optional.ofNullable(found.get(new Place(partition, key.hash()))).or(key::key);
  }

  /** The keys that most records of a topic have. */
  static List<Shown> hottest(TopicLoad topic) {
    double all = topic.minute().recordsPerSecond();
    var shown = new ArrayList<Shown>();
    for (PartitionLoad load : topic.partitions()) {
      for (var key : load.hotKeys()) {
        if (key.share() >= SHARE_MIN && all > 0) {
          double ofTopic = key.share() * load.minute().recordsPerSecond() / all;
          shown.add(new Shown(load.partition(), key, ofTopic));
        }
      }
    }
    shown.sort(Comparator.comparingDouble(Shown::ofTopic).reversed());
    return List.copyOf(shown.subList(0, Math.min(shown.size(), SHOWN_MAX)));
  }

  /** The hashes of those of which nobody has said what they stand for. */
  public static Map<TopicPartition, Set<Long>> nameless(TopicLoad topic) {
    var nameless = new TreeMap<TopicPartition, Set<Long>>();
    for (var shown : hottest(topic)) {
      if (shown.key.key().isEmpty()) {
        nameless.computeIfAbsent(shown.partition, same -> new TreeSet<>()).add(shown.key.hash());
      }
    }
    return nameless;
  }

  /** The key for people, or its hash. */
  String textOf(TopicPartition partition, HotKey key) {
    return nameOf(partition, key).map(HotKeyNames::text).orElseGet(() -> "#" + key.hashText());
  }

  private static String text(ByteBuffer key) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(key.duplicate()).toString();
    } catch (CharacterCodingException e) {
      var bytes = new byte[key.remaining()];
      key.duplicate().get(bytes);
      text = "0x" + HexFormat.of().formatHex(bytes);
    }
    return text.length() <= CHARACTERS_MAX ? text : text.substring(0, CHARACTERS_MAX) + "…";
  }
}
