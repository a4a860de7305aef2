package dev.naru.broker.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.naru.broker.replica.LedCluster;
import dev.naru.metadata.command.AlterTopicConfigs;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.log.Applied;
import dev.naru.metadata.log.QuorumView;
import dev.naru.metadata.machine.MetadataMachine;
import dev.naru.proto.admin.v1.AddPartitionsRequest;
import dev.naru.proto.admin.v1.AlterTopicConfigsRequest;
import dev.naru.proto.admin.v1.ConfigEntry;
import dev.naru.proto.admin.v1.Warning;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;

/** Topic t has one partition on three nodes. */
class TopicChangesTest {

  private static final NodeId SELF = new NodeId(1);
  private static final QuorumView QUORUM =
      new QuorumView(QuorumView.Role.VOTER, 1, Optional.empty(), List.of(), List.of(), 1);

  private final List<MetadataCommand> made = new ArrayList<>();
  private Applied applied = new Applied(1, LedCluster.of(3, 1, 3));
  private final TopicChanges changes =
      new TopicChanges(
          SELF,
          () -> new ClusterSnapshot(applied.image(), applied.index(), QUORUM, 0),
          this::make,
          new SplittableRandom(1),
          () -> "ann@10.0.0.7");

  @Test
  void addsPartitionsAndWarnsThatKeysMove() {
    var topic = changes.add(adding(4).build());

    assertThat(topic.getPartitionCount()).isEqualTo(4);
    assertThat(topic.getPartitionsList()).hasSize(4);
    assertThat(topic.getWarningsList()).extracting(Warning::getCode).containsExactly("KEYS_MOVE");
    assertThat(topic.getWarnings(0).getMessage())
        .contains("as there are 4 instead of 1")
        .doesNotContain("compaction");
    assertThat(changes.add(adding(4).build()).getWarningsList()).as("none was added").isEmpty();
  }

  @Test
  void warnsThatCompactionLeavesOldValuesBehind() {
    changes.alter(setting("cleanup.policy", "compact").build());

    assertThat(changes.add(adding(2).build()).getWarnings(0).getMessage())
        .endsWith("and compaction keeps an older value in the former partition");
  }

  @Test
  void warnsThatATopicWillWaitForNoDiskForGood() {
    var dry = changes.alter(setting("flush", "os").setValidateOnly(true).build());

    assertThat(dry.getWarningsList())
        .extracting(Warning::getCode)
        .containsExactly("FLUSH_CANNOT_RETURN");
    assertThat(changes.alter(setting("flush", "os").build()).getWarningsList()).hasSize(1);
    assertThat(changes.alter(setting("flush", "os").build()).getWarningsList()).isEmpty();
  }

  @Test
  void onlyShowsWhatWouldBe() {
    var more = changes.add(adding(4).setValidateOnly(true).build());
    var other = changes.alter(setting("retention.ms", "1d").setValidateOnly(true).build());

    assertThat(more.getPartitionsList()).hasSize(4);
    assertThat(more.getWarningsList()).hasSize(1);
    assertThat(other.getConfigs(0).getValue()).isEqualTo("86400000");
    assertThat(made).isEmpty();
    assertThat(refusalOf(() -> changes.add(adding(0).setValidateOnly(true).build())))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void saysHowToHaveFewer() {
    changes.add(adding(4).build());

    var failure = catchThrowable(() -> changes.add(adding(2).build()));

    assertThat(ErrorStatus.says(failure, ErrorCode.PARTITIONS_CANNOT_SHRINK)).isTrue();
    assertThat(failure).hasMessageContaining("to have fewer: create a topic with 2 partitions");
  }

  @Test
  void changesSettingsAndKeepsTheOthers() {
    changes.alter(setting("retention.ms", "1d").build());

    var topic = changes.alter(setting("flush", "os").addUnset("segment.ms").build());

    assertThat(topic.getConfigsList())
        .extracting(ConfigEntry::getKey)
        .containsExactly("flush", "retention.ms");
  }

  @Test
  void refusesAnEtagThatIsOld() {
    var etag = etagNow();
    changes.alter(setting("retention.ms", "1d").setEtag(etag).build());

    assertThat(refusalOf(() -> changes.alter(setting("flush", "os").setEtag(etag).build())))
        .isEqualTo(Status.Code.ABORTED);
    assertThat(refusalOf(() -> changes.add(adding(2).setEtag(etag).build())))
        .isEqualTo(Status.Code.ABORTED);
    changes.add(adding(2).setEtag(etagNow()).build());
  }

  /** Whoever changes settings between the look at the etag and the entry in the log is noticed. */
  @Test
  void takesTheSettingsThatTheEtagStandsForAlong() {
    changes.alter(setting("retention.ms", "1d").build());
    changes.alter(setting("flush", "os").setEtag(etagNow()).build());

    assertThat(made.stream().map(command -> ((AlterTopicConfigs) command).expected()))
        .containsExactly(
            Optional.empty(), Optional.of(TreePMap.singleton("retention.ms", "86400000")));
  }

  @Test
  void refusesNamesAndListsThatCannotBe() {
    assertThat(refusalOf(() -> changes.add(adding(2).setName("t").build())))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refusalOf(() -> changes.add(adding(2).setName("topics/u").build())))
        .isEqualTo(Status.Code.NOT_FOUND);
    var twice = setting("flush", "os").addSet(ConfigEntry.newBuilder().setKey("flush"));
    assertThat(refusalOf(() -> changes.alter(twice.build())))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    var many = setting("flush", "os");
    for (int i = 0; i < 1_001; i++) {
      many.addUnset("key." + i);
    }
    assertThat(refusalOf(() -> changes.alter(many.build())))
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(made).isEmpty();
  }

  private String etagNow() {
    return TopicCodec.etag(applied.image().topicNamed("t").orElseThrow());
  }

  private static AddPartitionsRequest.Builder adding(int total) {
    return AddPartitionsRequest.newBuilder().setName("topics/t").setPartitionCount(total);
  }

  private static AlterTopicConfigsRequest.Builder setting(String key, String value) {
    return AlterTopicConfigsRequest.newBuilder()
        .setName("topics/t")
        .addSet(ConfigEntry.newBuilder().setKey(key).setValue(value));
  }

  private static Status.Code refusalOf(ThrowingCallable call) {
    return Status.fromThrowable(catchThrowable(call)).getCode();
  }

  private Applied make(MetadataCommand command) {
    made.add(command);
    var envelope = new CommandEnvelope(SELF, CommandEnvelope.UNREGISTERED, 0, 0, command);
    var transition = MetadataMachine.apply(applied.image(), applied.index() + 1, envelope);
    if (transition.outcome() instanceof Outcome.Refusal(_, var why)) {
      throw ErrorStatus.of(why);
    }
    applied = new Applied(applied.index() + 1, transition.image());
    return applied;
  }
}
