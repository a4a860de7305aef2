package dev.naru.testing.history;

import static dev.naru.testing.history.Tale.P;

import dev.naru.testing.history.Anomaly.Kind;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class LostWritesTest {

  @TestFactory
  Stream<DynamicTest> convictsTheLossOfWhatAllHadAcknowledged() {
    return Cases.convictedOf(Kind.LOST_WRITE)
        .when("the last record is gone", tale -> tale.written(1, 5).gone(P, 4))
        .when("a record in the middle is gone", tale -> tale.written(1, 5).gone(P, 2))
        .when(
            "it is at another offset than acknowledged",
            tale -> tale.written(1, 2).gone(P, 1).stored(P, 2, 1, 1))
        .when(
            "another record lies in its place",
            tale -> tale.written(1, 2).producer(2, Acks.ALL).written(2, 0, P, 1))
        .when(
            "it is below the log start, but nobody wanted it deleted",
            tale -> {
              tale.written(1, 5);
              tale.end(P).logStart = OptionalLong.of(3);
              tale.end(P).explainedStart = 2;
            })
        .when(
            "it lies behind the declared loss",
            tale -> {
              tale.written(1, 5).gone(P, 3).gone(P, 4);
              tale.end(P).losses.add(new FinalState.Range(3, 4));
            })
        .when(
            "readers were given it before it went",
            tale -> tale.written(1, 3).polled("r", P, 0, 1, 2).gone(P, 2))
        .when(
            "everything is gone",
            tale -> {
              tale.written(1, 1).gone(P, 0);
              tale.end(P);
            })
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> letsPass() {
    return Cases.clean()
        .when("everything is there", tale -> tale.written(1, 5))
        .when(
            "what is gone was never answered",
            tale -> tale.written(1, 2).invoked(1, 2).unknown(1, 2).written(1, 3, P, 2))
        .when(
            "what is gone was still on its way when its producer was killed",
            tale -> tale.written(1, 2).invoked(1, 2).killed("p1"))
        .when(
            "what is gone was acknowledged by the leader alone",
            tale -> tale.producer(1, Acks.LEADER).written(1, 0, P, 0).invoked(1, 1).ok(1, 1, P, 1))
        .when(
            "what is gone was only handed over",
            tale ->
                tale.producer(1, Acks.NONE)
                    .invoked(1, 0)
                    .handedOver(1, 0, P)
                    .producer(2, Acks.ALL)
                    .written(2, 0, P, 0))
        .when(
            "retention has deleted it",
            tale -> {
              tale.written(1, 5).gone(P, 0).gone(P, 1);
              tale.end(P).explainedStart = 2;
            })
        .when(
            "its loss was declared",
            tale -> {
              tale.written(1, 5).gone(P, 4);
              tale.end(P).losses.add(new FinalState.Range(4, 5));
            })
        .when(
            "the topic promises no more",
            tale -> {
              tale.written(1, 5).gone(P, 4);
              tale.end(P).promise = FinalState.Promise.LOSSES_ARE_COUNTED;
            })
        .tests();
  }
}
