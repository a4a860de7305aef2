package dev.naru.testing.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.Codec;
import dev.naru.client.ConsumerRecord;
import dev.naru.client.NaruClient;
import dev.naru.client.NaruTimeoutException;
import dev.naru.client.Position;
import dev.naru.client.ProducerRecord;
import dev.naru.client.RecordAck;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.Consumer;
import dev.naru.record.RecordHeader;
import dev.naru.testing.Eventually;
import dev.naru.testing.Repository;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of docs/examples compile, are short, and do what they say. */
@NaruTest(nodes = 1)
class ExamplesTest {

  private static final Path EXAMPLES =
      Repository.of(ExamplesTest.class).root().resolve("docs/examples");
  private static final int LINES_MAX = 60;
  private static final int RECORDS = 1_000; // that ProduceOrders sends
  private static final Eventually SOON =
      Eventually.allowing("the group's topic is made", Duration.ofSeconds(5))
          .and("others may join", Duration.ofSeconds(1))
          .and("it commits by itself", Duration.ofSeconds(5));

  @TempDir private Path folder;

  @Test
  void areShortAndOnTheirPage() throws IOException {
    var page = Files.readString(EXAMPLES.resolve("README.md"));

    for (var file : sources()) {
      assertThat(Files.readAllLines(file)).as("%s", file).hasSizeLessThanOrEqualTo(LINES_MAX);
      assertThat(page).contains("](" + file.getFileName() + ")");
    }
  }

  @Test
  void doWhatTheySay(NaruCluster cluster, NaruClient naru, @Topic(partitions = 3) String orders)
      throws Exception {
    compileAll();
    var servers = cluster.bootstrapServers();
    var partitions =
        IntStream.range(0, 3).mapToObj(number -> new TopicPartition(orders, number)).toList();

    run("ProduceOrders", servers, orders);
    run("ReplayByTime", servers, orders, Instant.EPOCH.toString());
    run("NewestFirst", servers, orders);

    try (var ends = naru.consumer(Codec.bytes(), Codec.bytes()).build()) {
      assertThat(sum(ends.endOffsets(partitions).values())).isEqualTo(RECORDS);
    }
    for (var member : List.of("ConsumeGroup billing", "StaticMember shipping")) {
      var words = member.split(" ", -1);
      runUntil(words[0], words[1], naru, partitions, servers, orders, "shipping-1");
    }
  }

  @Test
  @Tag("S94")
  void mergePartitionsInTheOrderOfTime(
      NaruCluster cluster,
      NaruClient naru,
      @Topic(partitions = 3) String mixed,
      @Topic(partitions = 1) String sorted)
      throws Exception {
    compileAll();
    var sent = new ArrayList<CompletableFuture<RecordAck>>();
    try (var producer = naru.producer(Codec.utf8(), Codec.utf8()).build()) {
      for (int second = 0; second < 300; second++) { // each partition has times that rise
        var record =
            ProducerRecord.of(mixed, "n", Integer.toString(second))
                .withPartition(second * second % 3) // which is never 2
                .withTimestamp(Instant.EPOCH.plusSeconds(second))
                .withHeader("from", "here");
        sent.add(producer.send(record));
      }
      sent.forEach(CompletableFuture::join);
    }

    run("InOrderOfTime", cluster.bootstrapServers(), mixed, sorted);

    var copied = recordsOf(naru, sorted);
    assertThat(copied)
        .extracting(ConsumerRecord::value)
        .containsExactlyElementsOf(IntStream.range(0, 300).mapToObj(Integer::toString).toList());
    assertThat(copied)
        .flatExtracting(ConsumerRecord::headers)
        .extracting(RecordHeader::name)
        .hasSize(300)
        .containsOnly("from");
  }

  private static List<ConsumerRecord<String, String>> recordsOf(NaruClient naru, String topic) {
    var records = new ArrayList<ConsumerRecord<String, String>>();
    try (var consumer = naru.consumer(Codec.utf8(), Codec.utf8()).build()) {
      consumer.assign(consumer.partitionsOf(topic));
      consumer.assignment().forEach(consumer::seekToBeginning);
      consumer.readUntil(Position.end());
      while (!consumer.isAtStop()) {
        records.addAll(consumer.poll(Duration.ofSeconds(1)));
      }
    }
    return records;
  }

  private static long sum(Iterable<Long> offsets) {
    long sum = 0;
    for (long offset : offsets) {
      sum += offset;
    }
    return sum;
  }

  private static List<Path> sources() throws IOException {
    try (var files = Files.list(EXAMPLES)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }

  private void compileAll() throws IOException {
    var errors = new ArrayList<String>();
    for (var file : sources()) {
      for (var error : new JavaSource(file).compile(folder)) {
        errors.add(file.getFileName() + ", " + error);
      }
    }
    assertThat(errors).isEmpty();
  }

  /** A program of its own; they have names without a package. */
  private void run(String name, String... arguments) throws Exception {
    var urls = new URL[] {folder.toUri().toURL()};
    try (var loader = new URLClassLoader(urls, ExamplesTest.class.getClassLoader())) {
      var main = loader.loadClass(name).getDeclaredMethod("main", String[].class);
      main.setAccessible(true);
      main.invoke(null, (Object) arguments);
    }
  }

  /** Runs a member until its group has committed everything, and interrupts it then. */
  private void runUntil(
      String name,
      String group,
      NaruClient naru,
      List<TopicPartition> partitions,
      String... arguments)
      throws Exception {
    var failures = new ArrayList<Throwable>(); // of one thread, which has ended when it is read
    var program =
        Thread.ofPlatform()
            .name(name)
            .start(() -> {
              try {
                run(name, arguments);
              } catch (InvocationTargetException e) {
                failures.add(e.getCause());
              } catch (Exception e) {
                failures.add(e);
              }
            });
    try (var looker = naru.consumer(Codec.bytes(), Codec.bytes()).groupId(group).build()) {
      SOON.until(
          group + " has committed everything", () -> committed(looker, partitions) == RECORDS);
    } finally {
      program.interrupt();
      program.join(SOON.limit());
    }

    assertThat(program.isAlive()).isFalse();
    // The looker may see the last commit before the member has its answer, which says so then.
    assertThat(failures)
        .allSatisfy(failure ->
            assertThat(failure)
                .isInstanceOf(NaruTimeoutException.class)
                .hasMessageContaining("the thread was interrupted"));
  }

  private static long committed(Consumer<?, ?> looker, List<TopicPartition> partitions) {
    return looker.committed(new TreeSet<>(partitions)).values().stream()
        .mapToLong(position -> position.offset())
        .sum();
  }
}
