package dev.naru.testing.history;

import static dev.naru.testing.history.Tale.P;
import static dev.naru.testing.history.Tale.Q;

import dev.naru.testing.history.Anomaly.Kind;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class DuplicatesTest {

  @TestFactory
  Stream<DynamicTest> convictsWhatWasSentOnceAndIsThereTwice() {
    return Cases.convictedOf(Kind.DUPLICATE)
        .when(
            "next to each other",
            tale -> tale.producerWithoutRetries(1, Acks.ALL).written(1, 0, P, 0).stored(P, 1, 1, 0))
        .when(
            "with others between",
            tale ->
                tale.producerWithoutRetries(1, Acks.ALL)
                    .written(1, 0, P, 0)
                    .written(1, 1, P, 1)
                    .stored(P, 2, 1, 0))
        .when(
            "without an answer",
            tale ->
                tale.producerWithoutRetries(1, Acks.ALL)
                    .written(1, 0, P, 0)
                    .invoked(1, 1)
                    .unknown(1, 1)
                    .stored(P, 1, 1, 1)
                    .stored(P, 2, 1, 1))
        .when(
            "with acks of the leader alone",
            tale ->
                tale.producerWithoutRetries(1, Acks.LEADER).written(1, 0, P, 0).stored(P, 1, 1, 0))
        .when(
            "three times",
            tale ->
                tale.producerWithoutRetries(1, Acks.ALL)
                    .written(1, 0, P, 0)
                    .stored(P, 1, 1, 0)
                    .stored(P, 2, 1, 0))
        .when(
            "in two partitions, although it may have been sent twice",
            tale -> tale.written(1, 1).stored(Q, 0, 1, 0))
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> letsPass() {
    return Cases.clean()
        .when("it may have been sent twice", tale -> tale.written(1, 1).stored(P, 1, 1, 0))
        .when(
            "a whole row of records was sent twice",
            tale ->
                tale.producer(1, Acks.ALL)
                    .invoked(1, 0)
                    .invoked(1, 1)
                    .stored(P, 0, 1, 0)
                    .stored(P, 1, 1, 1)
                    .stored(P, 2, 1, 0)
                    .stored(P, 3, 1, 1)
                    .ok(1, 0, P, 2)
                    .ok(1, 1, P, 3))
        .when(
            "two readers were given the same record",
            tale ->
                tale.producerWithoutRetries(1, Acks.ALL)
                    .written(1, 0, P, 0)
                    .polled("r", P, 0)
                    .polled("s", P, 0))
        .when(
            "one reader has read it twice",
            tale ->
                tale.producerWithoutRetries(1, Acks.ALL)
                    .written(1, 0, P, 0)
                    .polled("r", P, 0)
                    .positioned("r", P, 0)
                    .polled("r", P, 0))
        .when(
            "two producers sent the same number",
            tale -> tale.written(1, 1).producerWithoutRetries(2, Acks.ALL).written(2, 0, P, 1))
        .when(
            "the next number is in another partition",
            tale ->
                tale.producerWithoutRetries(1, Acks.ALL).written(1, 0, P, 0).written(1, 1, Q, 0))
        .tests();
  }
}
