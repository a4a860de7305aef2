package dev.naru.metadata.ratis;

import static dev.naru.metadata.ratis.TestQuorum.SOON;
import static dev.naru.metadata.ratis.TestQuorum.accepted;
import static dev.naru.metadata.ratis.TestQuorum.index;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.codec.CommandCodec;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.log.ControllerAddress;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.TopicId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pcollections.TreePMap;

/** Three voters, and sometimes a listener, on real Ratis servers. */
class RatisMetadataLogTest {

  private static final NodeId FOUR = new NodeId(4);

  @TempDir Path directory;

  @Test
  void bringsEveryNodeToTheSameImageAndAnswersWithWhatWasDecidedThere() throws Exception {
    try (var quorum = new TestQuorum(directory, RatisSettings.DEFAULTS, 3, 0)) {
      long started = System.nanoTime();
      quorum.startVoters();
      System.out.printf("first controller after %d ms%n", millisSince(started));
      quorum.initialize();
      long last = 0;
      for (int i = 0; i < 50; i++) {
        last = quorum.change();
      }
      quorum.awaitAgreementAt(last);
      var image = quorum.running().getFirst().applied().image();
      assertThat(image.node(new NodeId(9)).orElseThrow().epoch()).isEqualTo(new NodeEpoch(last));

      NodeId controller = quorum.awaitController();
      for (int id = 1; id <= 3; id++) {
        var log = quorum.log(new NodeId(id));
        assertThat(log.quorum().controller()).contains(controller);
        assertThat(log.quorum().voters()).hasSize(3);
        assertThat(log.locator().locate().get(20, TimeUnit.SECONDS))
            .isEqualTo(new ControllerAddress(controller, quorum.seat(controller).internal()));
        if (id != controller.value()) {
          var outcome = log.submit(quorum.envelope(quorum.registration(FOUR))).get();
          assertThat(outcome)
              .isInstanceOfSatisfying(
                  Outcome.NotAppended.class,
                  refused -> {
                    assertThat(refused.why().code()).isEqualTo(ErrorCode.NOT_LEADER);
                    assertThat(refused.controller()).contains(controller);
                  });
        }
      }
      assertThat(quorum.fatal).isEmpty();
    }
  }

  /** It leads on in its own eyes until it steps down; by then the others may have another. */
  @Test
  void knowsSinceWhenNoMajorityHasConfirmedThatItLeads() throws Exception {
    try (var quorum = new TestQuorum(directory, RatisSettings.DEFAULTS, 3, 0)) {
      quorum.startVoters();
      NodeId controller = quorum.awaitController();
      var log = quorum.log(controller);
      SOON.until(
          "the voters confirm it", () -> log.confirmedMillisAgo().orElse(Long.MAX_VALUE) < 300);

      var stops = new ArrayList<CompletableFuture<Void>>();
      for (int id = 1; id <= 3; id++) {
        var node = new NodeId(id);
        if (id != controller.value()) {
          assertThat(quorum.log(node).confirmedMillisAgo()).isEmpty();
          stops.add(CompletableFuture.runAsync(quorum.remove(node)::close)); // takes a while
        }
      }
      var longest = new AtomicLong();
      SOON.until(
          "it leads no longer",
          () -> {
            var confirmed = log.confirmedMillisAgo();
            confirmed.ifPresent(ago -> longest.accumulateAndGet(ago, Math::max));
            return confirmed.isEmpty();
          });

      stops.forEach(CompletableFuture::join);
      assertThat(longest).hasValueGreaterThan(300);
    }
  }

  @Test
  void appliesACommandOnceThatIsSubmittedTwice() throws Exception {
    try (var quorum = new TestQuorum(directory, RatisSettings.DEFAULTS, 1, 0)) {
      quorum.startVoters();
      quorum.initialize();
      var submitter = new NodeId(9);
      var epoch = new NodeEpoch(quorum.change());
      var log = quorum.log(quorum.awaitController());
      var envelope =
          new CommandEnvelope(
              submitter,
              epoch,
              5,
              0,
              new CreateTopic(
                  new TopicId(new UUID(1, 1)),
                  "",
                  Optional.of(1),
                  Optional.of(1),
                  TreePMap.empty(),
                  0));

      var first = log.submit(envelope).get();
      var second = log.submit(envelope).get();

      assertThat(second).isEqualTo(first);
      assertThat(log.applied().index()).isGreaterThan(((Outcome.Refusal) first).index());
    }
  }

  @Test
  void refusesACommandOfAnOlderTermAndAnOversizeOneWithoutSteppingDown() throws Exception {
    try (var quorum = new TestQuorum(directory, RatisSettings.DEFAULTS, 1, 0)) {
      quorum.startVoters();
      quorum.initialize();
      var log = quorum.log(quorum.awaitController());
      long term = log.quorum().term();
      var image = log.applied().image();
      byte[] command = CommandCodec.encode(quorum.envelope(quorum.registration(FOUR)));

      var stale = log.submit(term - 1, command).get();
      var oversize = log.submit(term, new byte[CommandCodec.ENCODED_BYTES_MAX + 1]).get();

      assertThat(stale).isInstanceOf(Outcome.NotAppended.class);
      assertThat(oversize).isInstanceOf(Outcome.NotAppended.class);
      assertThat(log.applied().image()).isSameAs(image);
      accepted(log.submit(term, command).get());
      assertThat(log.quorum().term()).isEqualTo(term);
    }
  }

  @Test
  void endsTheNodeOverACommandItCannotReadAndAppliesNothingBehindIt() throws Exception {
    try (var quorum = new TestQuorum(directory, RatisSettings.DEFAULTS, 1, 0)) {
      quorum.startVoters();
      quorum.initialize();
      var log = quorum.log(quorum.awaitController());
      var before = log.applied();
      long term = log.quorum().term();

      var unreadable = log.submit(term, new byte[] {1, 2, 3});
      var behind = log.submit(quorum.envelope(quorum.registration(FOUR)));

      SOON.until("the node is told to end", () -> !quorum.fatal.isEmpty());
      assertThat(quorum.fatal.element()).contains("start this node with the newer release");
      assertThat(unreadable).failsWithin(SOON.limit());
      assertThat(behind).failsWithin(SOON.limit());
      assertThat(log.applied().image()).isSameAs(before.image());
    }
  }

  @Test
  void keepsTheOrderInWhichOneThreadSubmits() throws Exception {
    try (var quorum = new TestQuorum(directory, RatisSettings.DEFAULTS, 1, 0)) {
      quorum.startVoters();
      quorum.initialize();
      var log = quorum.log(quorum.awaitController());
      var outcomes = new ArrayList<CompletableFuture<Outcome>>();

      for (int i = 0; i < 500; i++) {
        outcomes.add(log.submit(quorum.envelope(quorum.registration(FOUR))));
      }

      var indexes = new ArrayList<Long>();
      for (var outcome : outcomes) {
        indexes.add(index(outcome.get(20, TimeUnit.SECONDS)));
      }
      assertThat(indexes).isSorted().doesNotHaveDuplicates();
    }
  }

  @Test
  void losesNoCommittedCommandWhenTheControllerGoes() throws Exception {
    try (var quorum = new TestQuorum(directory, RatisSettings.DEFAULTS, 3, 0)) {
      quorum.startVoters();
      quorum.initialize();
      long committed = quorum.change();
      NodeId first = quorum.awaitController();
      RatisMetadataLog dying = quorum.remove(first);
      long stopping = System.nanoTime();
      // Not in the common pool: it may have one thread, and the others' Ratis appends there.
      var closing = CompletableFuture.runAsync(dying::close, Thread.ofPlatform()::start);

      NodeId second = quorum.awaitController();
      long failover = millisSince(stopping);
      long next = quorum.change();
      closing.get(30, TimeUnit.SECONDS);

      for (var log : quorum.running()) {
        assertThat(log.locator().locate().get(20, TimeUnit.SECONDS).node()).isEqualTo(second);
      }
      System.out.printf("failover: another controller after %d ms%n", failover);
      assertThat(second).isNotEqualTo(first);
      assertThat(next).isGreaterThan(committed);
      quorum.awaitAgreementAt(next);
      quorum.start(first);
      quorum.awaitAgreementAt(next);
      assertThat(quorum.fatal).isEmpty();
    }
  }

  private static long millisSince(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
  }
}
