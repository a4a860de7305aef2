package dev.naru.client.producer;

import static dev.naru.client.producer.Sends.ackOf;
import static dev.naru.client.producer.Sends.failureOf;
import static dev.naru.client.producer.Sends.firstAppearances;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.ProducerRecord;
import dev.naru.client.RecordAck;
import dev.naru.client.fake.FakeCluster;
import dev.naru.client.fake.Reaction;
import dev.naru.testing.Seeds;
import dev.naru.types.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whatever happens between producer and leader, within the rules of the protocol: what was
 * acknowledged is there, in the order in which it was sent, and every future completes once.
 */
@Tag("S18")
class ProducerChaosTest {

  private static final int NODES = 3;
  private static final int PARTITIONS = 3;
  private static final int RECORDS = 3000;
  private static final int FAULTS = 40;

  private static final List<ErrorCode> REFUSALS =
      List.of(
          ErrorCode.NOT_ENOUGH_REPLICAS,
          ErrorCode.TOO_MANY_REQUESTS,
          ErrorCode.LEADER_NOT_AVAILABLE,
          ErrorCode.DISK_FULL,
          ErrorCode.CORRUPT_RECORD,
          ErrorCode.UNKNOWN_LEADER_EPOCH,
          ErrorCode.TOPIC_NOT_FOUND);

  @Test
  void losesAndReordersNothingWhateverGoesWrong() {
    Seeds.forEach(6, (seed, random) -> run(random, false));
  }

  @Test
  void storesEverythingExactlyOnceInOrderWhateverGoesWrong() {
    Seeds.forEach(6, (seed, random) -> run(random, true));
  }

  private static void run(RandomGenerator random, boolean isIdempotent) {
    try (var cluster = FakeCluster.of(NODES);
        var naru =
            NaruClient.builder()
                .bootstrapServers(cluster.addresses())
                .requestTimeout(ofMillis(150))
                .build()) {
      cluster.createTopic("orders", PARTITIONS);
      var dice = Seeds.random(random.nextLong()); // rolled on the event loop only
      var faultsLeft = new AtomicInteger(FAULTS);
      cluster.onProduce((node, request) -> {
        var reaction = reaction(dice.nextInt(100), dice);
        return faultsLeft.get() > 0 && faultsLeft.addAndGet(reaction.isFault() ? -1 : 0) >= 0
            ? reaction
            : Reaction.accept();
      });
      var producer =
          naru.producer(Codec.utf8(), Codec.utf8())
              .batchSize(random.nextInt(0, 400))
              .bufferMemory(4096) // so that sending takes as long as the faults do
              .maxInFlight(random.nextInt(1, isIdempotent ? 6 : 8))
              .linger(ofMillis(random.nextInt(0, 3)))
              .idempotence(isIdempotent)
              .build();
      cluster.refuseProducers(random.nextInt(3));
      var completions = new AtomicInteger();

      var sent = new ArrayList<CompletableFuture<RecordAck>>();
      for (int i = 0; i < RECORDS; i++) {
        var record =
            ProducerRecord.<String, String>of("orders", Integer.toString(i))
                .withPartition(i % PARTITIONS);
        var future = producer.send(record);
        var _ = future.whenComplete((ack, failure) -> completions.incrementAndGet());
        sent.add(future);
        disturb(cluster, random);
      }
      producer.flush();

      for (int partition = 0; partition < PARTITIONS; partition++) {
        check(cluster, partition, sent);
        if (isIdempotent) {
          assertThat(cluster.partition("orders", partition).values())
              .isEqualTo(numbersOf(partition));
        }
      }
      assertThat(completions).hasValue(RECORDS);
      assertThat(faultsLeft.get()).isLessThan(FAULTS / 2); // or this run has shown nothing
    }
  }

  private static Reaction reaction(int percent, RandomGenerator dice) {
    if (percent < 75) {
      return Reaction.accept();
    }
    return switch (percent % 6) {
      case 0 -> Reaction.refuse(REFUSALS.get(dice.nextInt(REFUSALS.size())));
      case 1 -> Reaction.appendAndRefuse(ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND);
      case 2 -> Reaction.appendAndBreak();
      case 3 -> Reaction.breakStream();
      case 4 -> Reaction.appendSilently();
      default -> Reaction.appendAndRefuse(ErrorCode.REQUEST_TIMEOUT);
    };
  }

  private static void disturb(FakeCluster cluster, RandomGenerator random) {
    int percent = random.nextInt(1000);
    if (percent < 5) {
      cluster.moveLeader("orders", random.nextInt(PARTITIONS), 1 + random.nextInt(NODES));
    } else if (percent < 7) {
      int node = 1 + random.nextInt(NODES);
      cluster.kill(node);
      cluster.restart(node);
    } else if (percent < 9) {
      cluster.nameLeaders(random.nextBoolean());
    }
  }

  private static void check(
      FakeCluster cluster, int partition, List<CompletableFuture<RecordAck>> sent) {
    var stored = cluster.partition("orders", partition).values();
    for (int i = partition; i < RECORDS; i += PARTITIONS) {
      var ack = ackOf(sent.get(i));
      assertThat(stored.get((int) ack.offset())).isEqualTo(Integer.toString(i));
    }
    assertThat(firstAppearances(stored)).isEqualTo(numbersOf(partition));
  }

  private static List<String> numbersOf(int partition) {
    return Stream.iterate(partition, i -> i < RECORDS, i -> i + PARTITIONS)
        .map(String::valueOf)
        .toList();
  }

  /**
   * Where batches also fail, for good or because their time is over: nothing is stored twice or out
   * of order, what was acknowledged is stored, and what is stored has failed at most with an
   * unknown outcome.
   */
  @Test
  void storesNothingTwiceWhateverFails() {
    Seeds.forEach(4, (seed, random) -> runWithFailures(random));
  }

  private static void runWithFailures(RandomGenerator random) {
    try (var cluster = FakeCluster.of(NODES);
        var naru =
            NaruClient.builder()
                .bootstrapServers(cluster.addresses())
                .requestTimeout(ofMillis(100))
                .build()) {
      cluster.createTopic("orders", PARTITIONS);
      var dice = Seeds.random(random.nextLong()); // rolled on the event loop only
      cluster.onProduce((node, request) -> {
        int percent = dice.nextInt(100);
        return percent < 3
            ? Reaction.refuse(ErrorCode.INVALID_RECORD)
            : percent < 4 ? Reaction.hold() : reaction(dice.nextInt(100), dice);
      });
      var producer =
          naru.producer(Codec.utf8(), Codec.utf8())
              .batchSize(random.nextInt(0, 400))
              .bufferMemory(4096)
              .maxInFlight(random.nextInt(1, 6))
              .retries(random.nextBoolean() ? random.nextInt(3) : Integer.MAX_VALUE)
              .deliveryTimeout(ofMillis(random.nextInt(100, 400)))
              .idempotence(true)
              .build();

      var sent = new ArrayList<CompletableFuture<RecordAck>>();
      for (int i = 0; i < RECORDS / 2; i++) {
        var record =
            ProducerRecord.<String, String>of("orders", Integer.toString(i))
                .withPartition(i % PARTITIONS);
        sent.add(producer.send(record));
        disturb(cluster, random);
        if (random.nextInt(200) == 0) {
          cluster.releaseHeld();
        }
      }
      producer.flush();
      cluster.releaseHeld();

      for (int partition = 0; partition < PARTITIONS; partition++) {
        checkOnceAtMost(cluster, partition, sent);
      }
    }
  }

  private static void checkOnceAtMost(
      FakeCluster cluster, int partition, List<CompletableFuture<RecordAck>> sent) {
    var stored = cluster.partition("orders", partition).values().stream().map(Integer::valueOf);
    var numbers = stored.toList();
    assertThat(numbers).isSorted().doesNotHaveDuplicates();
    for (int i = partition; i < sent.size(); i += PARTITIONS) {
      if (!sent.get(i).isCompletedExceptionally()) {
        assertThat(numbers.get((int) ackOf(sent.get(i)).offset())).isEqualTo(i);
      } else if (numbers.contains(i)) {
        assertThat(failureOf(sent.get(i)))
            .hasMessageContaining("whether the records are stored is not known");
      }
    }
  }
}
