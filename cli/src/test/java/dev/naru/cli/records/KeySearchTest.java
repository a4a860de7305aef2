package dev.naru.cli.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.ConsumerRecord;
import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.Consumer;
import dev.naru.record.Murmur2;
import dev.naru.record.TimestampType;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Logs of two partitions, from which a consumer of the test's reads a hundred records a poll. */
class KeySearchTest {

  private static final TopicPartition ORDERS = new TopicPartition("orders", 4);
  private static final TopicPartition OTHER = new TopicPartition("orders", 5);
  private static final int BATCH = 100;

  private final Map<TopicPartition, List<String>> keys = new TreeMap<>();
  private final Map<TopicPartition, Long> positions = new TreeMap<>();
  private final Map<TopicPartition, Long> stops = new TreeMap<>();
  private final Set<TopicPartition> assigned = new TreeSet<>();
  private int polls;
  private long nowNanos;

  @Test
  void namesAKeyThatTheNewestRecordsHave() {
    write(ORDERS, 20_000, "a");

    assertThat(find(Map.of(ORDERS, Set.of(hash("a"))))).isEqualTo("orders/4 a");
    assertThat(polls).as("it stops when all is found").isEqualTo(1);
  }

  @Test
  void looksFurtherBackForOneThatIsNoMoreUsed() {
    write(ORDERS, 15_000, "");
    write(ORDERS, 1, "a");
    write(ORDERS, 8_000, "b");

    var wanted = Set.of(hash("a"), hash("b"), hash("none"));
    assertThat(find(Map.of(ORDERS, wanted), Duration.ofMinutes(1)))
        .isEqualTo("orders/4 a, orders/4 b");
    assertThat(polls).as("ten thousand records, each once").isEqualTo(100);
  }

  @Test
  void looksInEachPartitionForItsOwn() {
    write(ORDERS, 10, "a");
    write(OTHER, 10, "a");
    write(OTHER, 10, "b");

    assertThat(find(Map.of(ORDERS, Set.of(hash("b")), OTHER, Set.of(hash("b")))))
        .isEqualTo("orders/5 b");
  }

  @Test
  void readsNothingWhereThereIsNothing() {
    keys.put(ORDERS, new ArrayList<>());

    assertThat(find(Map.of(ORDERS, Set.of(hash("a"))))).isEmpty();
    assertThat(polls).isZero();
  }

  @Test
  void givesUpWhenItsTimeIsOver() {
    write(ORDERS, 20_000, "b");
    nowNanos = Duration.ofDays(1).toNanos();

    assertThat(find(Map.of(ORDERS, Set.of(hash("a"))))).isEmpty();
    assertThat(polls).as("of a tenth of a second").isEqualTo(50);
  }

  private void write(TopicPartition partition, int records, String key) {
    for (int i = 0; i < records; i++) {
      keys.computeIfAbsent(partition, same -> new ArrayList<>()).add(key);
    }
  }

  private static long hash(String key) {
    return Murmur2.hash64(key.getBytes(UTF_8));
  }

  private String find(Map<TopicPartition, Set<Long>> hashes) {
    return find(hashes, Duration.ofSeconds(5));
  }

  private String find(Map<TopicPartition, Set<Long>> hashes, Duration limit) {
    var names = new KeySearch(consumer(), limit, () -> nowNanos).find(hashes);
    return names.places().stream().sorted().collect(Collectors.joining(", "));
  }

  @SuppressWarnings("unchecked")
  private Consumer<byte[], byte[]> consumer() {
    return (Consumer<byte[], byte[]>)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Consumer.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "beginningOffsets" -> offsets((Collection<TopicPartition>) arguments[0], 0);
                  case "endOffsets" -> offsets((Collection<TopicPartition>) arguments[0], 1);
                  case "assign" -> {
                    assigned.clear();
                    assigned.addAll((Collection<TopicPartition>) arguments[0]);
                    yield null;
                  }
                  case "seek" -> positions.put((TopicPartition) arguments[0], (Long) arguments[1]);
                  case "readUntil" ->
                      stops.put(
                          (TopicPartition) arguments[0], ((Position.Offset) arguments[1]).offset());
                  case "isAtStop" -> assigned.stream().allMatch(this::isAtStop);
                  case "poll" -> poll();
                  default -> throw new AssertionError(method.getName());
                });
  }

  private Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, int times) {
    return partitions.stream()
        .collect(
            Collectors.toMap(
                Function.identity(), partition -> (long) times * of(keys, partition).size()));
  }

  private static <T> T of(Map<TopicPartition, T> values, TopicPartition partition) {
    return Optional.ofNullable(values.get(partition)).orElseThrow();
  }

  private boolean isAtStop(TopicPartition partition) {
    return of(positions, partition) >= of(stops, partition);
  }

  private List<ConsumerRecord<byte[], byte[]>> poll() {
    polls++;
    nowNanos += Duration.ofMillis(100).toNanos();
    var from = assigned.stream().filter(partition -> !isAtStop(partition)).findFirst().get();
    long position = of(positions, from);
    long to = Math.min(position + BATCH, of(stops, from));
    positions.put(from, to);
    return of(keys, from).subList((int) position, (int) to).stream()
        .map(key ->
            new ConsumerRecord<byte[], byte[]>(
                from.topic(),
                from.partition(),
                0,
                0,
                0,
                TimestampType.CREATE_TIME,
                key.isEmpty() ? null : key.getBytes(UTF_8),
                null,
                List.of()))
        .toList();
  }
}
