package dev.naru.testing.history;

import static dev.naru.testing.history.Tale.P;
import static dev.naru.testing.history.Tale.Q;

import dev.naru.testing.history.Anomaly.Kind;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class RealTimeOrderTest {

  @TestFactory
  Stream<DynamicTest> convictsWhatWasSentLaterAndLiesBefore() {
    return Cases.convictedOf(Kind.REAL_TIME_ORDER)
        .when("one offset before", tale -> two(tale).written(1, 0, P, 1).written(2, 0, P, 0))
        .when(
            "with others between",
            tale ->
                two(tale)
                    .invoked(2, 0)
                    .written(1, 0, P, 2)
                    .stored(P, 1, 2, 0)
                    .ok(2, 0, P, 1)
                    .written(2, 1, P, 0))
        .when(
            "and has no answer",
            tale -> two(tale).written(1, 0, P, 1).invoked(2, 0).stored(P, 0, 2, 0).unknown(2, 0))
        .when(
            "and the earlier one is not the last one",
            tale ->
                two(tale)
                    .written(1, 0, P, 1)
                    .written(2, 0, P, 0)
                    .written(1, 1, P, 2)
                    .written(1, 2, P, 3))
        .when(
            "and the earlier one had acks of the leader alone, but is there",
            tale ->
                tale.producer(1, Acks.LEADER)
                    .producer(2, Acks.ALL)
                    .written(1, 0, P, 1)
                    .written(2, 0, P, 0))
        .when(
            "and lies behind as well",
            tale -> two(tale).written(1, 0, P, 1).written(2, 0, P, 2).stored(P, 0, 2, 0))
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> letsPass() {
    return Cases.clean()
        .when("one after the other", tale -> two(tale).written(1, 0, P, 0).written(2, 0, P, 1))
        .when(
            "at the same time, the other way round",
            tale ->
                two(tale)
                    .invoked(1, 0)
                    .invoked(2, 0)
                    .stored(P, 0, 2, 0)
                    .stored(P, 1, 1, 0)
                    .ok(1, 0, P, 1)
                    .ok(2, 0, P, 0))
        .when(
            "the later one was sent just before the acknowledgement",
            tale ->
                two(tale)
                    .invoked(1, 0)
                    .stored(P, 1, 1, 0)
                    .invoked(2, 0)
                    .ok(1, 0, P, 1)
                    .stored(P, 0, 2, 0)
                    .ok(2, 0, P, 0))
        .when(
            "in another partition",
            tale -> two(tale).written(1, 0, P, 0).written(1, 1, P, 1).written(2, 0, Q, 0))
        .when(
            "the earlier one had no answer",
            tale -> two(tale).invoked(1, 0).unknown(1, 0).written(2, 0, P, 0).stored(P, 1, 1, 0))
        .when(
            "the earlier one is there once more, behind",
            tale -> two(tale).written(1, 0, P, 0).written(2, 0, P, 1).stored(P, 2, 1, 0))
        .when(
            "the earlier one had acks of the leader alone, and is gone",
            tale ->
                tale.producer(1, Acks.LEADER)
                    .producer(2, Acks.ALL)
                    .invoked(1, 0)
                    .ok(1, 0, P, 1)
                    .written(2, 0, P, 0)
                    .written(2, 1, P, 1))
        .tests();
  }

  private static Tale two(Tale tale) {
    return tale.producer(1, Acks.ALL).producer(2, Acks.ALL);
  }
}
