package dev.naru.broker.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Empty;
import dev.naru.broker.replica.LedCluster;
import dev.naru.metadata.image.ClusterDefaults;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.metadata.log.MetadataLog;
import dev.naru.metadata.log.QuorumView;
import dev.naru.metadata.machine.InternalTopics;
import dev.naru.proto.admin.v1.DeleteTopicRequest;
import dev.naru.proto.admin.v1.ListTopicsRequest;
import dev.naru.proto.admin.v1.ListTopicsResponse;
import dev.naru.proto.admin.v1.Topic;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import io.grpc.Status;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePVector;

class OwnTopicsTest {

  private static final QuorumView QUORUM =
      new QuorumView(QuorumView.Role.VOTER, 1, Optional.empty(), List.of(), List.of(), 1);

  private final ClusterImage image =
      LedCluster.of(3, 1, 3)
          .withTopic(
              TopicImage.of(
                  TopicId.of(1, 2),
                  InternalTopics.CONSUMER_OFFSETS,
                  0,
                  InternalTopics.CONSUMER_OFFSETS_CONFIGS,
                  ClusterDefaults.BUILT_IN,
                  TreePVector.empty()));

  private final TopicAdminService topics =
      new TopicAdminService(
          new NodeId(1),
          () -> new ClusterSnapshot(image, 7, QUORUM, 0),
          new MetadataChanges(
              (command, _) -> {
                throw new AssertionError("Expected no change, but was " + command);
              },
              untouched()),
          new SplittableRandom(1),
          () -> 0);

  @Test
  void areChangedByNobodyElse() {
    var own = image.topicNamed(InternalTopics.CONSUMER_OFFSETS).orElseThrow();

    assertThat(OwnTopics.whyNotChanged(own)).map(Refused::code).contains(ErrorCode.NOT_AUTHORIZED);
    assertThat(OwnTopics.whyNotChanged(image.topicNamed("t").orElseThrow())).isEmpty();
  }

  @Test
  void areNotDeletedWhenAClientAsks() {
    var answer = new RecordedAnswer<Empty>();

    topics.deleteTopic(
        DeleteTopicRequest.newBuilder()
            .setName("topics/" + InternalTopics.CONSUMER_OFFSETS)
            .build(),
        answer);

    assertThat(Status.fromThrowable(answer.failure()).getCode())
        .isEqualTo(Status.Code.PERMISSION_DENIED);
  }

  @Test
  void areListedOnlyOnDemand() {
    var users = new RecordedAnswer<ListTopicsResponse>();
    var all = new RecordedAnswer<ListTopicsResponse>();

    topics.listTopics(ListTopicsRequest.getDefaultInstance(), users);
    topics.listTopics(ListTopicsRequest.newBuilder().setIncludeInternal(true).build(), all);

    assertThat(users.answer().getTopicsList())
        .extracting(Topic::getName)
        .containsExactly("topics/t");
    assertThat(all.answer().getTopicsCount()).isEqualTo(2);
  }

  private static MetadataLog untouched() {
    return (MetadataLog)
        Proxy.newProxyInstance(
            MetadataLog.class.getClassLoader(),
            new Class<?>[] {MetadataLog.class},
            (log, method, arguments) -> {
              throw new AssertionError("Expected no call, but was " + method);
            });
  }
}
