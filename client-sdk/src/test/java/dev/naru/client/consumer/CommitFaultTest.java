package dev.naru.client.consumer;

import static dev.naru.client.consumer.Members.eventually;
import static dev.naru.client.consumer.Members.orders;
import static dev.naru.client.consumer.Members.pollForEver;
import static dev.naru.client.consumer.Members.pollUntil;
import static dev.naru.client.consumer.Members.read;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.naru.client.NaruException;
import dev.naru.client.OffsetReset;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.Members.Diary;
import dev.naru.types.ErrorCode;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Where a group is, when something on the way to knowing that fails. */
class CommitFaultTest {

  private final Members members = new Members();

  @AfterEach
  void close() {
    members.close();
  }

  @Test
  void commitsNoPlaceThatNobodyChose() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "old");
    var consumer = members.builder().autoOffsetReset(OffsetReset.NONE).build();
    var pausing =
        new Diary() {
          @Override
          public void onPartitionsAssigned(Collection<TopicPartition> p) {
            consumer.pause(orders(0));
          }
        };
    consumer.subscribe(List.of("orders"), pausing);
    pollUntil("it is granted", () -> !consumer.assignment().isEmpty(), consumer);

    for (int i = 0; i < 10; i++) {
      assertThat(consumer.poll(ofMillis(20))).isEmpty();
    }
    var unknown = catchThrowableOfType(NaruException.class, () -> consumer.position(orders(0)));
    assertThat(unknown.code()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
    consumer.resume(orders(0));
    var failure = catchThrowableOfType(NaruException.class, () -> pollForEver(consumer));

    assertThat(failure.code()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
    assertThat(members.group.commits()).isEmpty();
    consumer.seek(orders(0), 0);
    assertThat(read(consumer, 1)).containsExactly("old");
  }

  @Test
  void commitsWhatIsReadAfterASeekFromAFailedStart() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a");
    members.group.refuseFetches(ErrorCode.NOT_AUTHORIZED);
    var consumer = members.builder().build();
    consumer.assign(orders(0));
    assertThat(catchThrowableOfType(NaruException.class, () -> pollForEver(consumer)).code())
        .isEqualTo(ErrorCode.NOT_AUTHORIZED);

    consumer.seek(orders(0), 0);
    assertThat(read(consumer, 1)).containsExactly("a");
    consumer.commit();

    assertThat(members.group.committed("orders", 0)).hasValue(1);
  }

  @Test
  void takesNoMetadataForAnEmptyOne() {
    members.cluster.createTopic("orders", 1);
    var consumer = members.builder().apiTimeout(ofSeconds(20)).build();
    consumer.assign(orders(0));

    consumer.commit(Map.of(orders(0), new OffsetAndMetadata(5, null)));

    assertThat(consumer.committed(List.of(orders(0))))
        .isEqualTo(Map.of(orders(0), new OffsetAndMetadata(5)));
  }

  @Test
  void aPositionThatIsMissingStopsNoLaterCommit() {
    members.cluster.createTopic("orders", 1);
    var consumer = members.builder().apiTimeout(ofSeconds(20)).build();
    consumer.assign(orders(0));
    var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
    offsets.put(orders(0), offsets.get(orders(0)));

    assertThatThrownBy(() -> consumer.commit(offsets)).isInstanceOf(NullPointerException.class);
    consumer.commit(Map.of(orders(0), new OffsetAndMetadata(6)));

    assertThat(members.group.committed("orders", 0)).hasValue(6);
  }

  @Test
  @Tag("S89")
  void givesBackWhenWhatWasCommittedWithoutWaitingIsKept() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a", "b", "c");
    var consumer = members.builder().autoCommit(false).build();
    var diary =
        new Diary() {
          @Override
          public void onPartitionsRevoked(Collection<TopicPartition> p) {
            super.onPartitionsRevoked(p);
            consumer.commitAsync();
          }
        };
    consumer.subscribe(List.of("orders"), diary);
    assertThat(read(consumer, 3)).hasSize(3);
    commitLate(consumer);

    members.group.withhold("orders", 0);
    pollUntil("it is told", () -> diary.entries.contains("revoked [orders/0]"), consumer);
    for (int i = 0; i < 5; i++) {
      consumer.poll(ofMillis(20));
    }
    members.group.holdCommits(false);
    pollUntil("it is given back", () -> !members.group.isHeld("orders", 0), consumer);

    assertThat(consumer.assignment()).isEmpty();
    assertThat(members.group.committed("orders", 0)).hasValue(3);
  }

  @Test
  @Tag("S89")
  void leavesWhenWhatWasCommittedWithoutWaitingIsKept() throws InterruptedException {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a", "b", "c");
    var isRevoked = new CountDownLatch(1);
    var consumer = members.builder().autoCommit(false).build();
    var diary =
        new Diary() {
          @Override
          public void onPartitionsRevoked(Collection<TopicPartition> p) {
            isRevoked.countDown();
          }
        };
    consumer.subscribe(List.of("orders"), diary);
    assertThat(read(consumer, 3)).hasSize(3);
    commitLate(consumer);
    consumer.commitAsync();

    var closing = new Thread(consumer::close);
    closing.start();
    isRevoked.await();
    members.group.holdCommits(false);
    closing.join();

    assertThat(members.group.leaves()).hasSize(1);
    assertThat(members.group.committed("orders", 0)).hasValue(3);
  }

  /** Its answer is still to come, and what is committed next waits for that. */
  private void commitLate(Consumer<String, String> consumer) {
    members.group.holdCommits(true);
    consumer.commitAsync(Map.of(orders(0), new OffsetAndMetadata(1)), (offsets, failure) -> {});
    eventually().until("it is on its way", () -> members.group.heldCommits() == 1);
  }
}
