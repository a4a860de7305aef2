package dev.naru.client.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.client.fake.Batches;
import dev.naru.client.fake.FakeCluster;
import dev.naru.types.ErrorCode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Changes of topics that exist, and questions about their partitions. */
class AdminChangesTest {

  private final FakeCluster cluster = FakeCluster.of(3);
  private final NaruClient naru =
      NaruClient.builder().bootstrapServers(cluster.addresses()).build();
  private final Admin admin = naru.admin();

  @AfterEach
  void close() {
    naru.close();
    cluster.close();
  }

  @Test
  void addsPartitionsAndPassesTheWarningOn() {
    cluster.createTopic("orders", 2);

    assertThat(admin.validateAddPartitions("orders", 5).join().partitions()).hasSize(5);
    assertThat(admin.describeTopic("orders").join().partitions()).hasSize(2);
    var topic = admin.addPartitions("orders", 5).join();

    assertThat(topic.warnings()).extracting(TopicWarning::code).containsExactly("KEYS_MOVE");
    assertThat(admin.describeTopic("orders").join().partitions()).hasSize(5);
    assertThat(failureOf(admin.addPartitions("orders", 4)).code())
        .isEqualTo(ErrorCode.PARTITIONS_CANNOT_SHRINK);
  }

  @Test
  void changesSettingsByNameAndValue() {
    var change =
        TopicChange.of("orders").set("retention.ms", "1d").set("flush", "os").unset("segment.ms");

    var changed = admin.alterTopic(change).join();
    var validated = admin.validateAlterTopic(change).join();

    assertThat(changed.configs())
        .isEqualTo(Map.of("retention.ms", "1d", "flush", "os", "segment.ms", ""));
    assertThat(changed.etag()).isEqualTo("new");
    assertThat(validated.etag()).isEmpty();
  }

  /** The code is one that may pass, but not for who names an etag. */
  @Test
  void doesNotTryAgainWithAnEtagThatIsOld() {
    var change =
        new TopicChange(
            "orders",
            TopicChange.of("").set("flush", "os").set(),
            TopicChange.of("").unset(),
            Optional.of("old"));

    var failure = failureOf(admin.alterTopic(change));

    assertThat(failure.code()).isEqualTo(ErrorCode.ETAG_MISMATCH);
    assertThat(cluster.calls()).containsOnlyOnce("AlterTopicConfigs");
  }

  @Test
  void changesATopicThatIsAsItWasDescribed() {
    cluster.createTopic("orders", 1);
    var seen = admin.describeTopic("orders").join();

    assertThat(TopicChange.of("orders").ifStill(seen).etag()).contains(seen.etag());
  }

  @Test
  void findsTheOffsetsOfManyPartitions() {
    cluster.createTopic("orders", 3);
    cluster.partition("orders", 1).store(Batches.at(0, "a", "b", "c"));
    cluster.partition("orders", 1).raiseStart(1);
    var all =
        List.of(
            new TopicPartition("orders", 0),
            new TopicPartition("orders", 1),
            new TopicPartition("orders", 2));

    assertThat(admin.beginningOffsets(all).join().values()).containsExactly(0L, 1L, 0L);
    assertThat(admin.endOffsets(all).join().values()).containsExactly(0L, 3L, 0L);
    var found =
        admin.offsetsForTimes(Map.of(all.get(0), Instant.EPOCH, all.get(1), Instant.EPOCH)).join();
    assertThat(found.keySet()).containsExactly(all.get(1));
    assertThat(failureOf(admin.endOffsets(List.of(new TopicPartition("orders", 3)))).code())
        .isEqualTo(ErrorCode.PARTITION_NOT_FOUND);
  }

  @Test
  void deletesTheRecordsOfEachPartitionForItself() {
    cluster.createTopic("orders", 100);
    var before = new LinkedHashMap<TopicPartition, Position>();
    for (int i = 0; i < 101; i++) {
      if (i < 100) {
        cluster.partition("orders", i).store(Batches.at(0, "a", "b"));
      }
      before.put(new TopicPartition("orders", i), Position.offset(1));
    }

    var deleted = admin.deleteRecords(before);

    assertThat(deleted.keySet()).containsExactlyElementsOf(before.keySet());
    deleted.forEach((partition, done) -> {
      if (partition.partition() < 100) {
        assertThat(done.join()).isEqualTo(new PartitionStart(partition, 0, 1));
      } else {
        assertThat(failureOf(done).code()).isEqualTo(ErrorCode.PARTITION_NOT_FOUND);
      }
    });
    assertThat(cluster.partition("orders", 99).start()).isEqualTo(1);
  }

  private static NaruException failureOf(CompletableFuture<?> future) {
    try {
      future.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      return (NaruException) Objects.requireNonNull(e.getCause());
    } catch (TimeoutException | InterruptedException e) {
      throw new AssertionError(e);
    }
    throw new AssertionError("Expected a failure, but was " + future);
  }
}
