package dev.naru.testing.history;

import static dev.naru.testing.history.Tale.P;
import static dev.naru.testing.history.Tale.Q;

import dev.naru.testing.history.Anomaly.Kind;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class SessionOrderTest {

  @TestFactory
  Stream<DynamicTest> convictsRecordsInAnotherOrderThanSent() {
    return Cases.convictedOf(Kind.SESSION_ORDER)
        .when(
            "two change places",
            tale ->
                sent(tale, 2).stored(P, 0, 1, 1).stored(P, 1, 1, 0).ok(1, 0, P, 1).ok(1, 1, P, 0))
        .when(
            "the first one comes last",
            tale ->
                sent(tale, 3)
                    .stored(P, 0, 1, 1)
                    .stored(P, 1, 1, 2)
                    .stored(P, 2, 1, 0)
                    .ok(1, 0, P, 2)
                    .ok(1, 1, P, 0)
                    .ok(1, 2, P, 1))
        .when(
            "behind one that has no answer",
            tale ->
                sent(tale, 2).stored(P, 0, 1, 1).stored(P, 1, 1, 0).ok(1, 0, P, 1).unknown(1, 1))
        .when(
            "with another producer's between",
            tale ->
                sent(tale, 2)
                    .stored(P, 0, 1, 1)
                    .producer(2, Acks.ALL)
                    .written(2, 0, P, 1)
                    .stored(P, 2, 1, 0)
                    .ok(1, 0, P, 2)
                    .ok(1, 1, P, 0))
        .when(
            "and the right order follows",
            tale ->
                sent(tale, 2)
                    .stored(P, 0, 1, 1)
                    .stored(P, 1, 1, 0)
                    .stored(P, 2, 1, 1)
                    .ok(1, 0, P, 1)
                    .ok(1, 1, P, 2))
        .when(
            "with acks of the leader alone",
            tale ->
                tale.producer(1, Acks.LEADER)
                    .invoked(1, 0)
                    .invoked(1, 1)
                    .stored(P, 0, 1, 1)
                    .stored(P, 1, 1, 0)
                    .ok(1, 0, P, 1)
                    .ok(1, 1, P, 0))
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> letsPass() {
    return Cases.clean()
        .when(
            "in order, with some missing",
            tale ->
                sent(tale, 3)
                    .unknown(1, 1)
                    .stored(P, 0, 1, 0)
                    .stored(P, 1, 1, 2)
                    .ok(1, 0, P, 0)
                    .ok(1, 2, P, 1))
        .when(
            "sent twice as a whole",
            tale ->
                sent(tale, 2)
                    .stored(P, 0, 1, 0)
                    .stored(P, 1, 1, 1)
                    .stored(P, 2, 1, 0)
                    .stored(P, 3, 1, 1)
                    .ok(1, 0, P, 2)
                    .ok(1, 1, P, 3))
        .when(
            "a part was sent twice",
            tale ->
                sent(tale, 2)
                    .stored(P, 0, 1, 0)
                    .stored(P, 1, 1, 0)
                    .stored(P, 2, 1, 1)
                    .ok(1, 0, P, 1)
                    .ok(1, 1, P, 2))
        .when(
            "one that was given up comes late",
            tale ->
                sent(tale, 2).unknown(1, 0).stored(P, 0, 1, 1).ok(1, 1, P, 0).stored(P, 1, 1, 0))
        .when(
            "one that was never answered comes late",
            tale -> sent(tale, 2).stored(P, 0, 1, 1).ok(1, 1, P, 0).stored(P, 1, 1, 0).killed("p1"))
        .when(
            "two partitions, each in order",
            tale ->
                tale.producer(1, Acks.ALL)
                    .written(1, 0, P, 0)
                    .written(1, 1, Q, 0)
                    .written(1, 2, P, 1))
        .when(
            "two producers at the same time",
            tale ->
                sent(tale, 1)
                    .producer(2, Acks.ALL)
                    .invoked(2, 0)
                    .stored(P, 0, 2, 0)
                    .stored(P, 1, 1, 0)
                    .ok(2, 0, P, 0)
                    .ok(1, 0, P, 1))
        .tests();
  }

  /** So many on their way at the same time. */
  private static Tale sent(Tale tale, int records) {
    tale.producer(1, Acks.ALL);
    for (int i = 0; i < records; i++) {
      tale.invoked(1, i);
    }
    return tale;
  }
}
