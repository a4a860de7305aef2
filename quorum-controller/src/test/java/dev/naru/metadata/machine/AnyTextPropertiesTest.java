package dev.naru.metadata.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.codec.CommandCodec;
import dev.naru.metadata.codec.Decoded;
import dev.naru.metadata.codec.SnapshotCodec;
import dev.naru.metadata.command.AlterConfigs;
import dev.naru.metadata.command.AlterTopicConfigs;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.command.CreateTopics;
import dev.naru.metadata.command.InitializeCluster;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.image.ClusterDefaults;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.DynamicSetting;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.image.TopicConfig;
import dev.naru.testing.Seeds;
import dev.naru.types.NodeId;
import dev.naru.types.TopicId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/** Apply never throws, whatever somebody writes where a setting or its value is expected. */
class AnyTextPropertiesTest {

  private static final int COMMANDS = 200;

  private static final List<String> KEYS =
      Stream.concat(
              Arrays.stream(TopicConfig.values()).map(TopicConfig::key),
              Arrays.stream(DynamicSetting.values()).map(DynamicSetting::key))
          .distinct()
          .toList();

  private static final List<String> NASTY =
      List.of(
          "",
          " ",
          "-1",
          "-0",
          "+7",
          "0x10",
          "1e3",
          "100E2147483647",
          "-100E2147483647",
          "1E-2147483648",
          "0E2147483647",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775808",
          "9999999999999999999TiB",
          "0.9999999999999999999",
          "NaN",
          "Infinity",
          "P999999999999999999D",
          "PT-9223372036854775808S",
          "P",
          "7 d",
          "٣",
          "%s%n%d",
          "\u0000",
          "\u001b[31mred",
          "line\r\nline",
          "\ud83d\ude00",
          "\ud83d",
          "\u202etxt",
          "durability",
          "strict",
          "os",
          "available",
          "true",
          "compact,delete");

  @Test
  void applyTakesOrRefusesAnyText() {
    Seeds.forEach(
        20,
        (seed, random) -> {
          var cluster = TestCluster.of(3);
          var topic = cluster.topicLedBy1(3, Map.of()).topic();
          for (int i = 0; i < COMMANDS; i++) {
            var command = asRead(command(random, topic, i));

            var outcome = cluster.submit(command).outcome();

            if (outcome instanceof Outcome.Refusal(_, var why)) {
              assertThat(why.reason().chars()).noneMatch(Character::isISOControl);
              assertThat(why.reason()).hasSizeLessThan(20_000);
            }
            var _ = ConfigSubmission.whyNot(cluster.image(), command); // nor does this throw
          }
          assertThat(asRead(cluster.image())).isEqualTo(cluster.image());
        });
  }

  @Test
  void theFirstCommandTakesOrRefusesAnyText() {
    Seeds.forEach(
        20,
        (seed, random) -> {
          var command =
              new InitializeCluster(
                  TestCluster.CLUSTER_ID,
                  ClusterImage.METADATA_VERSION_LATEST,
                  new ClusterDefaults(random.nextInt(), random.nextInt(), settings(random)));
          var image = ClusterImage.empty(TestCluster.CLUSTER_ID);
          var envelope =
              new CommandEnvelope(
                  new NodeId(1), CommandEnvelope.UNREGISTERED, 1, 1, asRead(command));

          assertThat(MetadataMachine.apply(image, 1, envelope).outcome())
              .isNotInstanceOf(Outcome.NotAppended.class);
        });
  }

  private static MetadataCommand command(RandomGenerator random, TopicId topic, int number) {
    var set = settings(random);
    var unset = random.nextInt(4) == 0 ? TreePSet.singleton(key(random)) : TreePSet.<String>empty();
    var principal = text(random);
    return switch (random.nextInt(4)) {
      case 0 ->
          new AlterConfigs(
              random.nextBoolean() ? Optional.empty() : Optional.of(new NodeId(1)),
              set,
              unset,
              Optional.empty(),
              principal);
      case 1 -> new AlterTopicConfigs(topic, set, unset, Optional.empty(), principal);
      case 2 -> created(random, number, set);
      default ->
          new CreateTopics(
              List.of(
                  created(random, number, set), created(random, -number - 1, settings(random))));
    };
  }

  private static CreateTopic created(
      RandomGenerator random, int number, TreePMap<String, String> configs) {
    return new CreateTopic(
        TopicId.of(7, number + 1_000_000),
        random.nextInt(4) == 0 ? text(random) : "t" + number,
        Optional.of(1),
        Optional.of(1),
        configs,
        random.nextLong());
  }

  private static TreePMap<String, String> settings(RandomGenerator random) {
    TreePMap<String, String> settings = TreePMap.empty();
    int count = random.nextInt(20) == 0 ? 150 : 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      settings = settings.plus(key(random), text(random));
    }
    return settings;
  }

  private static String key(RandomGenerator random) {
    return random.nextInt(5) == 0 ? text(random) : KEYS.get(random.nextInt(KEYS.size()));
  }

  private static String text(RandomGenerator random) {
    List<Supplier<String>> kinds =
        List.of(
            () -> NASTY.get(random.nextInt(NASTY.size())),
            () -> Long.toString(random.nextLong()),
            () -> random.nextInt(100) + "E" + random.nextInt(),
            () -> NASTY.get(random.nextInt(NASTY.size())).repeat(1 + random.nextInt(2_000)),
            () -> anyCharacters(random));
    return asCalled(kinds.get(random.nextInt(kinds.size())).get());
  }

  private static String anyCharacters(RandomGenerator random) {
    var text = new StringBuilder();
    for (int i = random.nextInt(40); i > 0; i--) {
      text.append((char) random.nextInt(Character.MAX_VALUE + 1));
    }
    return text.toString();
  }

  /** A text of a call is UTF-8, so half a character outside the plane has become another one. */
  private static String asCalled(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  /** As a node gets it out of the log. */
  private static MetadataCommand asRead(MetadataCommand command) {
    var envelope = new CommandEnvelope(new NodeId(1), CommandEnvelope.UNREGISTERED, 1, 1, command);
    var decoded = CommandCodec.decode(ByteBuffer.wrap(CommandCodec.encode(envelope)));
    return switch (decoded) {
      case Decoded.Command(var read) -> read.command();
      case Decoded.Unreadable(var reason) -> throw new AssertionError(reason + ": " + command);
    };
  }

  private static ClusterImage asRead(ClusterImage image) throws IOException {
    var bytes = new ByteArrayOutputStream();
    SnapshotCodec.write(image, bytes);
    return SnapshotCodec.read(new ByteArrayInputStream(bytes.toByteArray()));
  }
}
