package dev.naru.stories;

import dev.naru.chaos.host.ChaosCluster;
import dev.naru.chaos.host.Layout;
import dev.naru.chaos.host.Leftovers;
import dev.naru.chaos.host.ProxyNetwork;
import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.OffsetReset;
import dev.naru.client.ProducerRecord;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.NewTopic;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A member commits less than it has done, or more, and is killed. Another one takes over where the
 * group is: it does again what was not committed, and never what was.
 */
final class CrashAroundCommit implements Story {

  private static final String TOPIC = "hundred";
  private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
  private static final int RECORDS = 100;
  private static final int HALF = RECORDS / 2;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** A session, what a coordinator gives on top, and a little more. */
  private static final Duration TAKEN_OVER = CrashingMember.SESSION.plusSeconds(30);

  /** Whoever has nothing more to read is given nothing for so long. */
  private static final Duration QUIET = Duration.ofSeconds(2);

  /** What two members did, one after the other. */
  private record Outcome(List<String> first, List<String> second) {

    long duplicates() {
      return second.stream().filter(first::contains).count();
    }

    long missed() {
      var done = new HashSet<>(first);
      done.addAll(second);
      return (long) RECORDS - done.size();
    }
  }

  @Override
  public String number() {
    return "A-8";
  }

  @Override
  public String title() {
    return "What a killed member had not committed is done again, and what it had is not";
  }

  @Override
  public Verdict play(Path directory, Teller teller) throws Exception {
    try (var cluster =
            ChaosCluster.start(
                directory,
                Layout.allVote(3),
                new ProxyNetwork(),
                Optional.empty(),
                false,
                "offsets.topic.num.partitions: 3\n");
        var client = cluster.client()) {
      write(client);
      teller.say("%d records are there", RECORDS);
      var a = crash(cluster, client, directory, teller, "a", RECORDS, HALF);
      var b = crash(cluster, client, directory, teller, "b", HALF, RECORDS);
      return new Verdict()
          .expect("a_duplicates", a.duplicates(), (long) HALF)
          .expect("a_missed", a.missed(), 0L)
          .expect("b_duplicates", b.duplicates(), 0L)
          .expect("b_missed", b.missed(), (long) HALF);
    }
  }

  private static void write(NaruClient client) {
    client.admin().createTopic(NewTopic.named(TOPIC).partitions(1).replicationFactor(3)).join();
    try (var producer = client.producer(Codec.bytes(), Codec.utf8()).build()) {
      for (int number = 0; number < RECORDS; number++) {
        var _ = producer.send(ProducerRecord.of(TOPIC, "" + number));
      }
      producer.flush();
    }
  }

  private static Outcome crash(
      ChaosCluster cluster,
      NaruClient client,
      Path directory,
      Teller teller,
      String group,
      int count,
      long offset)
      throws IOException, InterruptedException {
    teller.begin("(" + group + ")");
    var first = untilCommitted(cluster.bootstrapServers(), directory, group, count, offset);
    teller.say(
        "a member has done %d records, has committed %d, and is killed (kill -9)",
        first.size(), offset);
    long began = System.nanoTime();
    var second = takeOver(client, group);
    teller.say(
        "another one has done %d records, %d ms later",
        second.size(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
    return new Outcome(first, second);
  }

  private static List<String> untilCommitted(
      String bootstrapServers, Path directory, String group, int count, long offset)
      throws IOException, InterruptedException {
    var log = directory.resolve("member-" + group + ".log").toFile();
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                CrashingMember.class.getName(),
                bootstrapServers,
                TOPIC,
                group,
                Integer.toString(count),
                Long.toString(offset))
            .redirectError(log)
            .start();
    Leftovers.note(process);
    var ending = process.onExit();
    var _ = Thread.ofVirtual().start(() -> endLate(process));
    var done = new ArrayList<String>();
    try (var lines = process.inputReader()) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.equals("committed")) {
          process.destroyForcibly();
          ending.join();
          return done;
        }
        done.add(line);
      }
    }
    throw new AssertionError(
        "Expected a member to commit, but it ended with %d after %d records; see %s"
            .formatted(process.waitFor(), done.size(), log));
  }

  /** One that never commits must not hold the story up for ever. */
  private static void endLate(Process process) {
    try {
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Joins the group, and does what it is given until nothing more comes. */
  private static List<String> takeOver(NaruClient client, String group) {
    var done = new ArrayList<String>();
    try (var consumer =
        client
            .consumer(Codec.bytes(), Codec.utf8())
            .groupId(group)
            .autoCommit(false)
            .autoOffsetReset(OffsetReset.EARLIEST)
            .sessionTimeout(CrashingMember.SESSION)
            .heartbeatInterval(Duration.ofSeconds(1))
            .build()) {
      consumer.subscribe(List.of(TOPIC));
      long until = System.nanoTime() + TAKEN_OVER.toNanos();
      while (!consumer.assignment().contains(PARTITION)) {
        if (System.nanoTime() > until) {
          throw new AssertionError("Expected another member to take over, but it has nothing");
        }
        consumer.poll(Duration.ofMillis(100)).forEach(rec -> done.add("" + rec.value()));
      }
      long quietUntil = System.nanoTime() + QUIET.toNanos();
      while (System.nanoTime() < quietUntil) {
        for (var rec : consumer.poll(Duration.ofMillis(100))) {
          done.add("" + rec.value());
          quietUntil = System.nanoTime() + QUIET.toNanos();
        }
      }
    }
    return done;
  }
}
