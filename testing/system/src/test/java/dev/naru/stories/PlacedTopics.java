package dev.naru.stories;

import dev.naru.chaos.host.Wait;
import dev.naru.client.NaruClient;
import dev.naru.client.admin.NewTopic;
import dev.naru.client.admin.PartitionDescription;
import dev.naru.client.admin.TopicDescription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Topics of one partition each that lie where a story needs them. Nobody can say where a replica is
 * to be put; so topics are made until enough lie well, and the others are deleted.
 */
final class PlacedTopics<K extends Comparable<K>> {

  private static final int ROUND = 48;
  private static final int ROUNDS_MAX = 40;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final NaruClient client;
  private final NewTopic like;
  private final Map<K, Integer> wanted;
  private final Function<PartitionDescription, Optional<K>> kindOf;

  private PlacedTopics(
      NaruClient client,
      NewTopic like,
      Map<K, Integer> wanted,
      Function<PartitionDescription, Optional<K>> kindOf) {
    this.client = client;
    this.like = like;
    this.wanted = wanted;
    this.kindOf = kindOf;
  }

  /**
   * Makes topics with three replicas.
   *
   * @param like their settings, and with what their names begin, and nobody else's
   * @param wanted how many of each kind
   * @param kindOf which kind one is that lies so; empty if it is of no use
   */
  static <K extends Comparable<K>> Map<K, List<TopicDescription>> make(
      NaruClient client,
      NewTopic like,
      Map<K, Integer> wanted,
      Function<PartitionDescription, Optional<K>> kindOf) {
    return new PlacedTopics<>(client, like, wanted, kindOf).make();
  }

  private Map<K, List<TopicDescription>> make() {
    for (int round = 0; round < ROUNDS_MAX; round++) {
      create(round);
      var found = new TreeMap<K, List<TopicDescription>>();
      if (!Wait.comes(LIMIT, () -> keepOnlyWhatIsWanted(found))) {
        throw new AssertionError("Expected needless topics to be deleted, but they are not");
      }
      if (wanted.keySet().stream().noneMatch(kind -> isWanted(kind, found))) {
        return found;
      }
    }
    throw new AssertionError(
        "Expected %s of %s among %d topics, but there are not so many"
            .formatted(wanted, like.name(), ROUND * ROUNDS_MAX));
  }

  private boolean isWanted(K kind, Map<K, List<TopicDescription>> found) {
    return found.getOrDefault(kind, List.of()).size() < wanted.getOrDefault(kind, 0);
  }

  /** Some may fail where a machine is slow: what is there afterwards counts. */
  private void create(int round) {
    var topics =
        IntStream.range(0, ROUND)
            .mapToObj(number ->
                new NewTopic(
                        "%s-%d".formatted(like.name(), round * ROUND + number),
                        like.partitions(),
                        like.replicationFactor(),
                        like.configs())
                    .partitions(1)
                    .replicationFactor(3))
            .toList();
    settle(client.admin().createTopics(topics));
  }

  private boolean keepOnlyWhatIsWanted(Map<K, List<TopicDescription>> found) {
    found.clear();
    var needless = new ArrayList<String>();
    for (var topic : client.admin().listTopics().join()) {
      if (!topic.name().startsWith(like.name() + "-")) {
        continue;
      }
      var kind = kindOf.apply(topic.partitions().getFirst());
      if (kind.filter(each -> isWanted(each, found)).isPresent()) {
        found.computeIfAbsent(kind.get(), _ -> new ArrayList<>()).add(topic);
      } else {
        needless.add(topic.name());
      }
    }
    settle(needless.stream().map(name -> client.admin().deleteTopic(name)).toList());
    return needless.isEmpty();
  }

  private static void settle(List<? extends CompletableFuture<?>> calls) {
    var all =
        calls.stream().map(call -> call.handle((_, _) -> "settled")).collect(Collectors.toList());
    CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
  }
}
