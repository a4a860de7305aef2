package dev.naru.testing.history;

import static dev.naru.testing.history.Tale.P;
import static dev.naru.testing.history.Tale.Q;

import dev.naru.testing.history.Anomaly.Kind;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class SeenValuesTest {

  @TestFactory
  Stream<DynamicTest> convictsReadsOfWhatWasRefused() {
    return Cases.convictedOf(Kind.FAILED_READ)
        .when(
            "it is there at the end",
            tale -> tale.written(1, 1).invoked(1, 1).failed(1, 1).stored(P, 1, 1, 1))
        .when(
            "a reader was given it, and it went",
            tale ->
                tale.written(1, 1)
                    .invoked(1, 1)
                    .failed(1, 1)
                    .polled("r", P, 0)
                    .polled("r", P, 1, Optional.of(new Value(1, 1))))
        .when(
            "a reader was given it before it was refused",
            tale ->
                tale.written(1, 1)
                    .invoked(1, 1)
                    .stored(P, 1, 1, 1)
                    .polled("r", P, 0, 1)
                    .failed(1, 1))
        .when(
            "with acks of the leader alone",
            tale ->
                tale.producer(1, Acks.LEADER)
                    .written(1, 0, P, 0)
                    .invoked(1, 1)
                    .failed(1, 1)
                    .stored(P, 1, 1, 1))
        .when(
            "although losses are only counted",
            tale -> {
              tale.written(1, 1).invoked(1, 1).failed(1, 1).stored(P, 1, 1, 1);
              tale.end(P).promise = FinalState.Promise.LOSSES_ARE_COUNTED;
            })
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> convictsRecordsThatWereChanged() {
    return Cases.convictedOf(Kind.ALTERED)
        .when("it is so at the end", tale -> tale.written(1, 3).garbled(P, 1))
        .when(
            "one reader was given it so",
            tale -> tale.written(1, 2).polled("r", P, 0).polled("r", P, 1, Optional.empty()))
        .when("it is the first one", tale -> tale.written(1, 3).garbled(P, 0))
        .when("it is the last one", tale -> tale.written(1, 3).garbled(P, 2))
        .when(
            "nobody was told that it is there",
            tale -> tale.written(1, 1).invoked(1, 1).unknown(1, 1).garbled(P, 1))
        .when(
            "the topic promises little",
            tale -> {
              tale.written(1, 3).garbled(P, 1);
              tale.end(P).promise = FinalState.Promise.LOSSES_ARE_COUNTED;
            })
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> convictsRecordsThatNobodySent() {
    return Cases.convictedOf(Kind.UNKNOWN_VALUE)
        .when("of a producer that there was not", tale -> tale.written(1, 1).stored(P, 1, 9, 0))
        .when("behind a producer's last one", tale -> tale.written(1, 1).stored(P, 1, 1, 1))
        .when(
            "of a producer that there was not, when another client was a reader",
            tale -> tale.written(1, 1).stored(P, 1, 9, 0).polled("r", P, 0, 1))
        .when(
            "behind the last one of a producer that ended, when another one was killed",
            tale -> tale.written(1, 1).stored(P, 1, 1, 1).producer(2, Acks.ALL).killed("p2"))
        .when(
            "given to a reader only",
            tale ->
                tale.written(1, 1)
                    .polled("r", P, 0)
                    .polled("r", P, 1, Optional.of(new Value(7, 7))))
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> convictsReadsBeforeTheSend() {
    return Cases.convictedOf(Kind.EARLY_READ)
        .when(
            "which was acknowledged later",
            tale ->
                tale.producer(1, Acks.ALL)
                    .polled("r", P, 0, Optional.of(new Value(1, 0)))
                    .written(1, 0, P, 0))
        .when(
            "which had no answer",
            tale ->
                tale.written(1, 1)
                    .polled("r", P, 0)
                    .polled("r", P, 1, Optional.of(new Value(1, 1)))
                    .invoked(1, 1)
                    .stored(P, 1, 1, 1)
                    .unknown(1, 1))
        .when(
            "of a second producer",
            tale ->
                tale.written(1, 1)
                    .polled("r", P, 0)
                    .polled("r", P, 1, Optional.of(new Value(2, 0)))
                    .producer(2, Acks.LEADER)
                    .written(2, 0, P, 1))
        .when(
            "in another partition",
            tale ->
                tale.written(1, 1)
                    .polled("r", Q, 0, Optional.of(new Value(1, 1)))
                    .written(1, 1, Q, 0))
        .when(
            "by one of two readers",
            tale ->
                tale.producer(1, Acks.ALL)
                    .polled("r", P, 0, Optional.of(new Value(1, 0)))
                    .written(1, 0, P, 0)
                    .polled("s", P, 0))
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> letsPass() {
    return Cases.clean()
        .when(
            "a record without an answer is there",
            tale ->
                tale.written(1, 1)
                    .invoked(1, 1)
                    .unknown(1, 1)
                    .stored(P, 1, 1, 1)
                    .polled("r", P, 0, 1))
        .when(
            "a record is read before its acknowledgement",
            tale ->
                tale.producer(1, Acks.ALL)
                    .invoked(1, 0)
                    .stored(P, 0, 1, 0)
                    .polled("r", P, 0)
                    .ok(1, 0, P, 0))
        .when(
            "a refused record is nowhere",
            tale -> tale.written(1, 1).invoked(1, 1).failed(1, 1).polled("r", P, 0))
        .when(
            "a refused record was sent again under another number",
            tale -> tale.written(1, 1).invoked(1, 1).failed(1, 1).written(1, 2, P, 1))
        .when(
            "what a killed producer sent last is there",
            tale -> tale.written(1, 1).stored(P, 1, 1, 1).killed("p1"))
        .when(
            "a producer was killed before its history says that it began",
            tale ->
                tale.written(1, 1)
                    .stored(P, 1, 2, 0)
                    .tell("p2", new Operation.Released(tale.tick(), Q))
                    .killed("p2"))
        .tests();
  }
}
