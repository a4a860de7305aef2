package dev.naru.testing.history;

import static dev.naru.testing.history.Tale.P;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.testing.history.Verdict.Outcome;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ProofsTest {

  private static final Optional<String> PROOF = Optional.of("process 17 is gone");

  @TestFactory
  Stream<DynamicTest> countsForNothing() {
    return Cases.invalid()
        .when(
            "a fault has no proof",
            tale -> tale.written(1, 1).incident("kill", "node 2", Optional.empty()))
        .when(
            "one of two faults has no proof",
            tale ->
                tale.written(1, 1)
                    .incident("kill", "node 2", PROOF)
                    .incident("cut", "node 1", Optional.empty()))
        .when("nothing was done", _ -> {})
        .when(
            "nothing was acknowledged",
            tale -> {
              tale.producer(1, Acks.ALL).invoked(1, 0).failed(1, 0);
              tale.end(P);
            })
        .when("a send ends twice", tale -> tale.written(1, 1).ok(1, 0, P, 0))
        .when("a send ends that was not begun", tale -> tale.written(1, 1).unknown(1, 1))
        .when("a send is left out", tale -> tale.written(1, 1).invoked(1, 2))
        .when("a producer begins twice", tale -> tale.written(1, 1).producer(1, Acks.ALL))
        .when(
            "a partition is used of which nobody says how it ended",
            tale ->
                tale.written(1, 1).invoked(1, 1).ok(1, 1, new PartitionName("unheard-of", 3), 0))
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> counts() {
    return Cases.clean()
        .when("nothing was broken", tale -> tale.written(1, 1))
        .when("the fault is proven", tale -> tale.written(1, 1).incident("kill", "n", PROOF))
        .when(
            "all faults are proven",
            tale -> tale.written(1, 1).incident("kill", "n", PROOF).incident("cut", "m", PROOF))
        .when(
            "some was acknowledged by the leader alone",
            tale -> tale.producer(1, Acks.LEADER).written(1, 0, P, 0))
        .when("a producer did nothing", tale -> tale.written(1, 1).producer(2, Acks.ALL))
        .tests();
  }

  @Test
  void isConvictedWhateverIsNotProven() {
    var tale = new Tale().written(1, 3).incident("kill", "node 2", Optional.empty()).gone(P, 2);

    assertThat(tale.check().outcome()).isEqualTo(Outcome.ANOMALIES);
    assertThat(tale.check().whyInvalid()).hasSize(1);
  }

  @Test
  void refusesMoreThanItCanHold() {
    var verdict = HistoryChecker.check(new Tale().written(1, 11).run(), 10);

    assertThat(verdict.outcome()).isEqualTo(Outcome.INVALID);
    assertThat(verdict.whyInvalid())
        .containsExactly("Expected at most 10 sends, but there are more");
  }

  @Test
  void countsWhatMayBeLost() {
    var tale = new Tale().written(1, 5).gone(P, 3).gone(P, 4);
    tale.end(P).promise = FinalState.Promise.LOSSES_ARE_COUNTED;
    tale.producer(2, Acks.LEADER).invoked(2, 0).ok(2, 0, P, 3);
    tale.producer(3, Acks.NONE).invoked(3, 0).handedOver(3, 0, P);

    assertThat(tale.check().outcome()).isEqualTo(Outcome.CLEAN);
    assertThat(tale.check().figures())
        .containsEntry("counted.lost_write", 2L)
        .containsEntry("lost.leader", 1L)
        .containsEntry("lost.none", 1L)
        .containsEntry("acknowledged.all", 5L);
  }

  @Test
  void reportsALineForEachAnomaly() {
    var tale = new Tale().written(1, 3).epoch(4).polled("r", P, 0, 1, 2).released("r", P);
    tale.incident("kill", "node 2", PROOF).gone(P, 2);
    tale.end(P).highWatermark = OptionalLong.of(3);

    assertThat(tale.check().report().lines())
        .startsWith("ANOMALIES")
        .contains(
            "LOST_WRITE orders/0@2 epoch 4: p1#2 was acknowledged here and is gone"
                + " (nearest fault: kill of node 2, 4 ms before it)")
        .contains("faults.proven=1", "acknowledged.all=3");
  }
}
