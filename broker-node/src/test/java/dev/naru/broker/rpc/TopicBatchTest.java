package dev.naru.broker.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.rpc.TopicBatch.Result;
import dev.naru.metadata.codec.CommandCodec;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.command.CreateTopics;
import dev.naru.metadata.image.ClusterDefaults;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.image.NodeEndpoints;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.NodeProfile;
import dev.naru.metadata.image.NodeState;
import dev.naru.metadata.log.Applied;
import dev.naru.metadata.machine.MetadataMachine;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;

class TopicBatchTest {

  private static final NodeId SELF = new NodeId(1);
  private static final HostPort ADDRESS = HostPort.parse("127.0.0.1:1");

  private final List<Integer> sent = new ArrayList<>();
  private final List<Integer> encoded = new ArrayList<>();
  private Applied applied =
      new Applied(
          1,
          ClusterImage.empty("cluster")
              .initialized(ClusterImage.METADATA_VERSION_LATEST, ClusterDefaults.BUILT_IN)
              .withNode(
                  new NodeImage(
                      SELF,
                      new NodeEpoch(1),
                      new UUID(1, 1),
                      NodeState.ACTIVE,
                      new NodeProfile(
                          Optional.empty(),
                          new NodeEndpoints(ADDRESS, ADDRESS, ADDRESS, ADDRESS),
                          "1",
                          "test",
                          ClusterImage.METADATA_VERSION_LATEST),
                      TreePMap.empty(),
                      LastStop.CLEAN,
                      true,
                      Optional.empty())));
  private final TopicBatch batch = new TopicBatch(SELF, this::apply, () -> 0);

  @Test
  void saysOfEachWhatBecameOfIt() {
    batch.create(Map.of(0, topic(1, "there", 1)));

    var results =
        batch.create(Map.of(3, topic(2, "a", 1), 5, topic(3, "there", 1), 7, topic(4, "a", 1)));

    assertThat(results.get(3))
        .isInstanceOfSatisfying(
            Result.Created.class, made -> assertThat(made.topic().name()).isEqualTo("a"));
    assertThat(codeOf(results, 5)).isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS);
    assertThat(codeOf(results, 7)).isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS);
    assertThat(sent).containsExactly(1, 3);
  }

  @Test
  void sendsAgainWhatHadNoRoom() {
    var results =
        batch.create(Map.of(0, topic(1, "a", 6_000), 1, topic(2, "b", 6_000), 2, topic(3, "c", 1)));

    assertThat(results)
        .hasSize(3)
        .allSatisfy((key, result) -> assertThat(result).isInstanceOf(Result.Created.class));
    assertThat(sent).containsExactly(3, 2);
  }

  @Test
  void sendsNoMoreThanAnEntryOfTheLogHolds() {
    var configs = TreePMap.singleton("retention.ms", "9".repeat(300_000));
    var wanted = new TreeMap<Integer, CreateTopic>();
    for (int i = 0; i < 8; i++) {
      wanted.put(
          i,
          new CreateTopic(TopicId.of(1, i), "t" + i, Optional.of(1), Optional.of(1), configs, 0));
    }

    var results = batch.create(wanted);

    assertThat(results).hasSize(8);
    assertThat(sent.getFirst()).isEqualTo(3);
    assertThat(encoded).allMatch(bytes -> bytes <= CommandCodec.ENCODED_BYTES_MAX);
  }

  @Test
  void sendsNothingForNothing() {
    assertThat(batch.create(Map.of())).isEmpty();
    assertThat(sent).isEmpty();
  }

  private Applied apply(CreateTopics command) {
    sent.add(command.topics().size());
    long index = applied.index() + 1;
    var envelope = new CommandEnvelope(SELF, CommandEnvelope.UNREGISTERED, index, 0, command);
    encoded.add(CommandCodec.encode(envelope).length);
    applied = new Applied(index, MetadataMachine.apply(applied.image(), index, envelope).image());
    return applied;
  }

  private static CreateTopic topic(int id, String name, int partitions) {
    return new CreateTopic(
        TopicId.of(1, id), name, Optional.of(partitions), Optional.of(1), TreePMap.empty(), 0);
  }

  private static ErrorCode codeOf(Map<Integer, Result> results, int key) {
    return results.get(key) instanceof Result.Refusal(var why) ? why.code() : ErrorCode.NONE;
  }
}
