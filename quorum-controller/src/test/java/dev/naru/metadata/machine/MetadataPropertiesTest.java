package dev.naru.metadata.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.codec.CommandCodec;
import dev.naru.metadata.codec.Decoded;
import dev.naru.metadata.codec.SnapshotCodec;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.GiveUpReplicas;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.command.RecoverPartitions;
import dev.naru.metadata.command.RegisterNode;
import dev.naru.metadata.command.ReportLogs;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.NodeState;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.testing.Seeds;
import dev.naru.types.TopicId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class MetadataPropertiesTest {

  private static final int COMMANDS = 400;

  @Test
  void holdsTheInvariantsWhateverIsSubmitted() {
    Seeds.forEach(
        40,
        (seed, random) -> {
          var commands = new RandomCommands(random);
          var cluster = TestCluster.of(3);
          var records = new CommittedRecords();
          var deleted = new TreeSet<TopicId>();
          for (int i = 0; i < COMMANDS; i++) {
            var before = cluster.image();
            var envelope = commands.next(before);

            var transition = cluster.apply(envelope);

            var after = transition.image();
            assertWellFormed(after);
            assertEpochsRise(before, after);
            assertMovesEndWell(before, envelope.command(), after);
            assertNoModeElectsAddedOnes(before, envelope.command(), after);
            before.topics().keySet().stream()
                .filter(id -> after.topic(id).isEmpty())
                .forEach(deleted::add);
            assertThat(after.topics()).doesNotContainKeys(deleted.toArray(TopicId[]::new));
            switch (transition.outcome()) {
              case Outcome.Accepted accepted when !transition.events().isEmpty() ->
                  records.follow(before, envelope.command(), after);
              case Outcome.Accepted accepted -> assertThat(withoutMemory(after, before)).isTrue();
              case Outcome.Refusal refusal -> assertThat(withoutMemory(after, before)).isTrue();
              case Outcome.NotAppended notAppended -> throw new AssertionError(notAppended);
            }
          }
        });
  }

  @Test
  void givesTheSameImageForTheSameLogReadBackFromItsBytes() {
    Seeds.forEach(
        10,
        (seed, random) -> {
          var commands = new RandomCommands(random);
          var cluster = TestCluster.of(3);
          var log = new ArrayList<byte[]>();
          for (int i = 0; i < COMMANDS; i++) {
            var envelope = commands.next(cluster.image());
            log.add(CommandCodec.encode(envelope));
            cluster.apply(envelope);
          }

          var replayed = TestCluster.of(3);
          log.forEach(bytes -> replayed.apply(decoded(bytes)));

          assertThat(replayed.image()).isEqualTo(cluster.image());
          assertThat(SnapshotCodec.stateHash(replayed.image()))
              .isEqualTo(SnapshotCodec.stateHash(cluster.image()));
        });
  }

  @Test
  void goesOnFromASnapshotAsIfNothingHadHappened() {
    Seeds.forEach(
        10,
        (seed, random) -> {
          var commands = new RandomCommands(random);
          var image = TestCluster.of(3).image();
          var restored = image;
          for (int i = 0; i < COMMANDS; i++) {
            if (random.nextInt(50) == 0) {
              restored = throughSnapshot(restored);
              assertThat(restored).isEqualTo(image);
            }
            var envelope = commands.next(image);
            image = MetadataMachine.apply(image, 100 + i, envelope).image();
            restored = MetadataMachine.apply(restored, 100 + i, envelope).image();
          }

          assertThat(restored).isEqualTo(image);
        });
  }

  private static CommandEnvelope decoded(byte[] bytes) {
    return switch (CommandCodec.decode(ByteBuffer.wrap(bytes))) {
      case Decoded.Command(var envelope) -> {
        assertThat(CommandCodec.encode(envelope)).isEqualTo(bytes);
        yield envelope;
      }
      case Decoded.Unreadable(var reason) -> throw new AssertionError(reason);
    };
  }

  private static ClusterImage throughSnapshot(ClusterImage image) throws IOException {
    var bytes = new ByteArrayOutputStream();
    SnapshotCodec.write(image, bytes);
    return SnapshotCodec.read(new ByteArrayInputStream(bytes.toByteArray()));
  }

  /** I7, and that every election that can take place has taken place. */
  private static void assertWellFormed(ClusterImage image) {
    for (var topic : image.topics().values()) {
      for (var partition : topic.partitions()) {
        assertThat(partition.isr().stream().map(image::node).map(Optional::orElseThrow))
            .as("unfenced: %s", partition)
            .noneMatch(NodeImage::isFenced);
        if (partition.isr().size() > 1) {
          assertThat(partition.isr()).as("not stopping: %s", partition).allMatch(image::isEligible);
        }
        if (partition.isr().size() >= topic.settings().minInsync()) {
          assertThat(partition.elr()).isEmpty();
        }
        assertThat(partition.hasLeader()).isEqualTo(!partition.isr().isEmpty());
        assertThat(settledAgain(image, topic, partition)).isEqualTo(partition);
      }
    }
    assertOperationsFit(image);
    assertThat(image.topicNames()).hasSameSizeAs(image.topics());
    assertThat(image.nodes().values())
        .allMatch(node -> node.state() != NodeState.ACTIVE || node.logsReported());
  }

  private static PartitionImage settledAgain(
      ClusterImage image, TopicImage topic, PartitionImage partition) {
    return PartitionDraft.of(partition)
        .settled(image, topic.settings().minInsync(), Optional.empty());
  }

  private static void assertEpochsRise(ClusterImage before, ClusterImage after) {
    for (var node : before.nodes().values()) {
      var later = after.node(node.id());
      if (later.isPresent()) {
        assertThat(later.get().epoch()).isGreaterThanOrEqualTo(node.epoch());
      } else {
        assertThat(after.partitionsOn(node.id())).as("once node %s is gone", node.id()).isEmpty();
      }
    }
    before
        .partitionIds()
        .filter(id -> after.partition(id).isPresent())
        .forEach(id -> {
          var old = before.partition(id).orElseThrow();
          var now = after.partition(id).orElseThrow();
          if (!now.equals(old)) {
            // A node that is emptied gives up a leadership, and then the replica, in one entry.
            assertThat(now.partitionEpoch()).isGreaterThanOrEqualTo(old.partitionEpoch().next());
          }
          assertThat(now.leaderEpoch())
              .isEqualTo(
                  now.leader().equals(old.leader()) ? old.leaderEpoch() : old.leaderEpoch().next());
        });
  }

  /** What was committed by as many as had to is held by as many of those who stay. */
  private static void assertMovesEndWell(
      ClusterImage before, MetadataCommand command, ClusterImage after) {
    boolean mayRuleOut =
        command instanceof GiveUpReplicas
            || command instanceof RegisterNode
            || command instanceof ReportLogs
            || command instanceof RecoverPartitions;
    before
        .partitionIds()
        .filter(id -> before.partition(id).orElseThrow().move().isPresent())
        .filter(id -> after.partition(id).filter(now -> now.move().isEmpty()).isPresent())
        .forEach(id -> {
          var old = before.partition(id).orElseThrow();
          var now = after.partition(id).orElseThrow();
          var move = old.move().orElseThrow();
          var minInsync = after.topic(id.topic()).orElseThrow().settings().minInsync();
          assertThat(now.replicaNodes()).isIn(move.from(), move.to());
          if (!now.hasLeader()) {
            assertThat(now.replicaNodes()).as("only the way back").isEqualTo(move.from());
            assertThat(now.replicaNodes()).containsAll(old.lastKnown());
          }
          boolean safeOnesGone =
              old.isr().stream().anyMatch(node -> now.replicaOn(node).isEmpty())
                  || old.elr().keySet().stream().anyMatch(node -> now.replicaOn(node).isEmpty());
          if (safeOnesGone && !mayRuleOut) {
            assertThat(now.isr())
                .as("%s, once %s", now, old)
                .hasSizeGreaterThanOrEqualTo(minInsync);
          }
          if (now.replicaNodes().equals(move.to()) && !move.from().containsAll(move.to())) {
            assertThat(now.isr()).containsExactlyInAnyOrderElementsOf(move.to());
          }
        });
  }

  /** Alone they are not taken for all there is, unless somebody names one. */
  private static void assertNoModeElectsAddedOnes(
      ClusterImage before, MetadataCommand command, ClusterImage after) {
    if (command instanceof RecoverPartitions(var recoveries)) {
      for (var recovery : recoveries) {
        var old = before.partition(recovery.partition());
        boolean isElected =
            after.partition(recovery.partition()).filter(PartitionImage::hasLeader).isPresent()
                && old.filter(entry -> !entry.hasLeader()).isPresent();
        if (isElected && recovery.shown().isEmpty()) {
          assertThat(recovery.answers())
              .as("%s of %s", recovery, old)
              .anyMatch(answer -> !old.orElseThrow().isUnproven(answer.node()));
        }
      }
    }
  }

  /** All that is on its way belongs to an operation, and the other way round. */
  private static void assertOperationsFit(ClusterImage image) {
    image
        .partitionIds()
        .forEach(id ->
            image
                .partition(id)
                .orElseThrow()
                .move()
                .ifPresent(move ->
                    assertThat(image.operation(move.operation()).orElseThrow().moving())
                        .contains(id)));
    for (var operation : image.operations().values()) {
      assertThat(operation.moving())
          .allMatch(id ->
              image
                  .partition(id)
                  .flatMap(PartitionImage::move)
                  .filter(move -> move.operation().equals(operation.id()))
                  .isPresent());
      assertThat(operation.waiting().keySet()).allMatch(id -> image.partition(id).isPresent());
      if (!operation.isRunning()) {
        assertThat(operation.isIdle()).isTrue();
      }
      assertThat(operation.done()).isBetween(0, operation.total());
    }
  }

  /** Whether the two differ in nothing but the outcomes they remember. */
  private static boolean withoutMemory(ClusterImage after, ClusterImage before) {
    return after.nodes().equals(before.nodes())
        && after.topics().equals(before.topics())
        && after.deletedTopics().equals(before.deletedTopics())
        && after.operations().equals(before.operations());
  }
}
