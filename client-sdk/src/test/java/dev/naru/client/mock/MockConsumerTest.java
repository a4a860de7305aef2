package dev.naru.client.mock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.naru.client.Codec;
import dev.naru.client.ConsumerRecord;
import dev.naru.client.DataLossException;
import dev.naru.client.NaruException;
import dev.naru.client.OffsetReset;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.OffsetAndMetadata;
import dev.naru.client.consumer.RebalanceListener;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a test can have happen to a consumer in memory; the rest is in the contract. */
class MockConsumerTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final TopicPartition ZERO = new TopicPartition("orders", 0);
  private static final TopicPartition ONE = new TopicPartition("orders", 1);

  private final MockCluster cluster = new MockCluster().topic("orders", 2);
  private final List<String> heard = new ArrayList<>();
  private boolean goesOnAfterACut;

  private final RebalanceListener listener =
      new RebalanceListener() {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
          heard.add("revoked " + new TreeSet<>(partitions));
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
          heard.add("assigned " + new TreeSet<>(partitions));
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
          heard.add("lost " + new TreeSet<>(partitions));
        }

        @Override
        public boolean onHistoryCut(TopicPartition partition, long from, long to) {
          heard.add("cut " + from + " to " + to);
          return goesOnAfterACut;
        }
      };

  private MockConsumer<String, String> member(boolean autoCommit) {
    return cluster.consumer(
        Codec.utf8(),
        Codec.utf8(),
        with ->
            with.groupId("billing")
                .autoOffsetReset(OffsetReset.EARLIEST)
                .autoCommit(autoCommit)
                .autoCommitInterval(SECOND.multipliedBy(5)));
  }

  private MockConsumer<String, String> subscribed(boolean autoCommit) {
    var consumer = member(autoCommit);
    consumer.subscribe(List.of("orders"), listener);
    return consumer;
  }

  private static List<String> poll(MockConsumer<String, String> consumer) {
    return consumer.poll(SECOND).stream().map(ConsumerRecord::value).toList();
  }

  private Optional<Long> committed() {
    return cluster.committed("billing", ZERO).map(OffsetAndMetadata::offset);
  }

  @Test
  void readsWhatATestDelivers() {
    var consumer = subscribed(true);

    assertThat(consumer.deliver(ZERO, "k", "a")).isZero();
    assertThat(consumer.deliver(ZERO, null, null)).isEqualTo(1);

    assertThat(consumer.poll(SECOND))
        .extracting(ConsumerRecord::key)
        .containsExactlyInAnyOrder("k", null);
    assertThat(heard).containsExactly("assigned [orders/0, orders/1]");
  }

  @Test
  void doesNotCommitWhatComesBeforeRecordsThatArePutBack() {
    var consumer = subscribed(true);
    consumer.rebalance(ZERO);
    consumer.deliver(ZERO, null, "a");
    consumer.deliver(ZERO, null, "b");
    assertThat(poll(consumer)).containsExactly("a", "b");

    consumer.putBack(ZERO, new OffsetAndMetadata(1));

    assertThatThrownBy(() -> consumer.putBack(ZERO, new OffsetAndMetadata(2)))
        .isInstanceOf(IllegalArgumentException.class);
    consumer.close(SECOND);
    assertThat(committed()).hasValue(0L);
  }

  @Test
  void handsOutWhatCameBeforeARecordOverWhichACodecFailsWithAnError() {
    Codec<String> broken =
        Codec.of(
            text -> Codec.utf8().encode(text),
            bytes -> {
              var text = Codec.utf8().decode(bytes);
              if (text.equals("b")) {
                throw new NoClassDefFoundError(text);
              }
              return text;
            });
    var consumer =
        cluster.consumer(Codec.utf8(), broken, with -> with.autoOffsetReset(OffsetReset.EARLIEST));
    consumer.assign(List.of(ZERO));
    consumer.deliver(ZERO, null, "a");
    consumer.deliver(ZERO, null, "b");

    assertThat(poll(consumer)).containsExactly("a");
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> poll(consumer))
          .isInstanceOf(NaruException.class)
          .hasCauseInstanceOf(NoClassDefFoundError.class);
    }
  }

  @Test
  void givesBackAndTakesWhatTheTestSays() {
    var consumer = subscribed(true);
    consumer.rebalance(ZERO);
    consumer.deliver(ZERO, null, "a");
    consumer.deliver(ONE, null, "b");
    assertThat(poll(consumer)).containsExactly("a");

    consumer.rebalance(ONE);

    assertThat(poll(consumer)).containsExactly("b");
    assertThat(committed()).hasValue(1L);
    consumer.rebalance(ZERO, ONE);
    assertThat(poll(consumer)).isEmpty();
    assertThat(heard)
        .containsExactly(
            "assigned [orders/0]",
            "revoked [orders/0]",
            "assigned [orders/1]",
            "assigned [orders/0]");
  }

  @Test
  void losesEverythingAndIsGrantedItAnew() {
    var consumer = subscribed(false);
    consumer.deliver(ZERO, null, "a");
    assertThat(poll(consumer)).containsExactly("a");

    consumer.lose();

    assertThat(catchThrowable(consumer::commit))
        .isInstanceOfSatisfying(
            NaruException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FENCED_MEMBER));
    assertThat(poll(consumer)).isEmpty();
    assertThat(consumer.assignment()).isEmpty();
    assertThat(poll(consumer)).containsExactly("a"); // it could not be committed
    assertThat(heard)
        .containsExactly(
            "assigned [orders/0, orders/1]",
            "lost [orders/0, orders/1]",
            "assigned [orders/0, orders/1]");
  }

  @Test
  void losesItsPartitionsWhenItDoesNotPoll() {
    var consumer = subscribed(true);
    poll(consumer);

    cluster.advance(Duration.ofMinutes(6));
    poll(consumer);

    assertThat(heard).last().isEqualTo("lost [orders/0, orders/1]");
  }

  @Test
  void commitsByItselfAsTimePasses() {
    var consumer = subscribed(true);
    consumer.deliver(ZERO, null, "a");
    assertThat(poll(consumer)).containsExactly("a");
    assertThat(committed()).hasValue(0L);

    for (int i = 0; i < 6; i++) {
      poll(consumer);
    }

    assertThat(committed()).hasValue(1L);
  }

  @Test
  void hearsOfACutHistory() {
    var consumer = subscribed(false);
    for (var value : List.of("a", "b", "c")) {
      consumer.deliver(ZERO, null, value);
    }
    poll(consumer);
    consumer.commit();

    cluster.cut(ZERO, 1);
    consumer.deliver(ZERO, null, "d");
    consumer.deliver(ZERO, null, "e");

    assertThatThrownBy(() -> poll(consumer))
        .isInstanceOfSatisfying(
            DataLossException.class,
            e -> {
              assertThat(e.from()).isEqualTo(1);
              assertThat(e.to()).isEqualTo(3);
            });
    goesOnAfterACut = true;
    assertThat(poll(consumer)).isEmpty();
    assertThat(poll(consumer)).containsExactly("d", "e");
    assertThat(committed()).hasValue(1L);
    assertThat(heard).contains("cut 1 to 3");
  }

  @Test
  void failsWhatTheTestWantsToFail() {
    var consumer = subscribed(false);
    consumer.deliver(ZERO, null, "a");
    consumer.failNextPoll(new NaruException(ErrorCode.BOOTSTRAP_UNREACHABLE, "no node"));
    assertThatThrownBy(() -> poll(consumer)).hasMessage("no node");
    assertThat(poll(consumer)).containsExactly("a");

    consumer.failNextCommit(ErrorCode.COORDINATOR_NOT_AVAILABLE);
    assertThat(catchThrowable(consumer::commit)).isInstanceOf(NaruException.class);
    var failures = new ArrayList<NaruException>();
    consumer.failNextCommit(ErrorCode.REQUEST_TIMEOUT);
    consumer.commitAsync((offsets, failure) -> failures.add(failure));
    poll(consumer);

    assertThat(failures).hasSize(1).doesNotContainNull();
    consumer.commit(Map.of(ZERO, new OffsetAndMetadata(1)));
    assertThat(committed()).hasValue(1L);
  }

  @Test
  void runsATaskAPoll() {
    var consumer = subscribed(true);
    consumer.atNextPoll(() -> consumer.deliver(ZERO, null, "a"));
    consumer.atNextPoll(consumer::wakeup);

    assertThat(poll(consumer)).containsExactly("a");
    assertThat(poll(consumer)).isEmpty();
  }

  @Test
  void letsItsLimitPassWhenThereIsNothing() {
    var consumer = subscribed(true);
    var start = cluster.now();

    consumer.poll(SECOND);

    assertThat(cluster.now()).isEqualTo(start.plus(SECOND));
  }

  @Test
  void refusesACommitOfNoMemberWhileTheGroupHasOne() {
    var member = subscribed(false);
    var stranger = member(false);
    stranger.assign(ZERO);
    var commit = Map.of(ZERO, new OffsetAndMetadata(0));

    assertThat(catchThrowable(() -> stranger.commit(commit)))
        .isInstanceOfSatisfying(
            NaruException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.GROUP_NOT_EMPTY));
    member.close();
    stranger.commit(commit);
    assertThat(member.isClosed()).isTrue();
  }
}
