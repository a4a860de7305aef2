package dev.naru.client.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.fake.FakeCluster;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdminTest {

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
  void createsDescribesAndDeletesATopic() {
    var created =
        admin.createTopic(NewTopic.named("orders").partitions(2).replicationFactor(3)).join();

    assertThat(created.name()).isEqualTo("orders");
    assertThat(admin.describeTopic("orders").join().partitions()).hasSize(2);
    admin.deleteTopic("orders").join();
    assertThat(failureOf(admin.describeTopic("orders")).code())
        .isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
  }

  @Test
  void createsManyTopicsEachForItself() {
    cluster.createTopic("there", 1);

    var created =
        admin.createTopics(
            Stream.of("a", "there", "later", "b")
                .map(name -> NewTopic.named(name).partitions(1))
                .toList());

    assertThat(created.get(0).join().name()).isEqualTo("a");
    assertThat(failureOf(created.get(1)).code()).isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS);
    assertThat(created.get(2).join().name()).as("tried again").isEqualTo("later");
    assertThat(created.get(3).join().name()).isEqualTo("b");
    assertThat(admin.createTopics(List.of())).isEmpty();
  }

  @Test
  void createsMoreTopicsThanOneCallTakes() {
    var topics =
        IntStream.range(0, 2001).mapToObj(i -> NewTopic.named("t" + i).partitions(1)).toList();

    var created = admin.createTopics(topics);

    assertThat(created).hasSize(2001);
    assertThat(created.get(2000).join().name()).isEqualTo("t2000");
  }

  @Test
  void createsNothingWhenItOnlyValidates() {
    admin.validateCreateTopic(NewTopic.named("orders").partitions(2)).join();

    assertThat(admin.listTopics().join()).isEmpty();
  }

  @Test
  void readsErrorsWithTheirCodeMessageAndDetails() {
    cluster.createTopic("orders", 1);

    var failure = failureOf(admin.createTopic(NewTopic.named("orders").partitions(1)));

    assertThat(failure.code()).isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS);
    assertThat(failure).hasMessage("Expected a new name, but topic orders exists");
    assertThat(failure.details()).containsEntry("topic", "orders");
  }

  @Test
  void readsAllPages() {
    cluster.createTopic("a", 1);
    cluster.createTopic("b", 1);
    cluster.createTopic("c", 1);

    assertThat(admin.listTopics().join())
        .extracting(TopicDescription::name)
        .containsExactly("a", "b", "c");
  }

  @Test
  void describesNodesAndTheCluster() {
    assertThat(admin.listNodes().join()).extracting(NodeDescription::id).containsExactly(1, 2, 3);
    assertThat(admin.describeCluster().join().controller()).hasValue(1);
  }

  @Test
  void asksAnotherNodeWhenOneIsDown() {
    cluster.kill(1);
    cluster.kill(2);

    assertThat(admin.describeCluster().join().nodeCount()).isEqualTo(3);
  }

  @Test
  void triesAgainWhileAControllerIsElected() {
    cluster.failAdmin(5);

    assertThat(admin.createTopic(NewTopic.named("orders").partitions(1)).join().name())
        .isEqualTo("orders");
  }

  @Test
  void tellsWhatANodeSaidRatherThanThatTheTimeIsOver() {
    cluster.failAdmin(2);
    cluster.hangAdmin();
    try (var hasty =
        NaruClient.builder()
            .bootstrapServers(cluster.addresses())
            .requestTimeout(Duration.ofSeconds(3))
            .build()) {
      var failure = failureOf(hasty.admin().createTopic(NewTopic.named("orders").partitions(1)));

      assertThat(failure.code()).isEqualTo(ErrorCode.METADATA_QUORUM_LOST);
    }
  }

  @Test
  void asksNoFurtherNodeOnceTwoHaveWaitedLongEnoughForAQuorum() {
    cluster.failAdminSlowly(3, Duration.ofMillis(2600)); // two of them are more than 5 s

    var failure = failureOf(admin.createTopic(NewTopic.named("orders").partitions(1)));

    assertThat(failure.code()).isEqualTo(ErrorCode.METADATA_QUORUM_LOST);
    assertThat(cluster.adminFailuresLeft()).as("the third node would say the same").isEqualTo(1);
  }

  @Test
  void asksAnotherNodeWhenTheOneThatFindsNoQuorumMayBeCutOff() {
    cluster.failAdminSlowly(1, Duration.ofMillis(5100));

    assertThat(admin.createTopic(NewTopic.named("orders").partitions(1)).join().name())
        .isEqualTo("orders");
  }

  @Test
  void namesTheAddressesWhenNoNodeAnswers() {
    cluster.kill(1);
    cluster.kill(2);
    cluster.kill(3);

    var failure = failureOf(admin.listNodes());

    assertThat(failure.code()).isEqualTo(ErrorCode.BOOTSTRAP_UNREACHABLE);
    assertThat(failure).hasMessageContaining(cluster.address(2) + ": ");
  }

  @Test
  void completesOnTheCallbackThread() {
    assertThat(completing(admin::describeCluster)).isEqualTo("naru-callbacks");
    assertThat(completing(() -> admin.describeTopic("nowhere"))).isEqualTo("naru-callbacks");
  }

  /**
   * What is added after the answer has come runs at once, here, and says nothing: then once more.
   */
  private static String completing(Supplier<CompletableFuture<?>> call) {
    var here = Thread.currentThread().getName();
    for (int i = 0; i < 100; i++) {
      var thread = call.get().handle((_, _) -> Thread.currentThread().getName()).join();
      if (!thread.equals(here)) {
        return thread;
      }
    }
    return here;
  }

  @Test
  void failsCallsThatAreOpenWhenTheClientIsClosedAndThoseThatComeLater() {
    cluster.hang(1, true);
    cluster.hang(2, true);
    cluster.hang(3, true);
    var open = admin.listTopics();

    naru.close();

    assertThat(failureOf(open)).hasMessageContaining("closed");
    assertThat(failureOf(admin.listTopics())).hasMessageContaining("closed");
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
