package dev.naru.testing.history;

import static dev.naru.testing.history.Tale.P;
import static dev.naru.testing.history.Tale.Q;

import dev.naru.testing.history.Anomaly.Kind;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class UnreadTest {

  @TestFactory
  Stream<DynamicTest> convictsAReaderThatDoesNotComeToTheEnd() {
    return Cases.convictedOf(Kind.UNREAD)
        .when("the last record is missing", tale -> tale.written(1, 4).polled("r", P, 0, 1, 2))
        .when("it was set to the beginning", tale -> tale.written(1, 4).positioned("r", P, 0))
        .when(
            "it began somewhere and read nothing",
            tale -> tale.written(1, 4).positionedSomewhere("r", P))
        .when(
            "it read one partition of two",
            tale ->
                tale.written(1, 2).written(1, 2, Q, 0).positioned("r", Q, 0).polled("r", P, 0, 1))
        .when(
            "one of two readers",
            tale -> tale.written(1, 3).polled("r", P, 0, 1, 2).polled("s", P, 0, 1))
        .when(
            "it took the partition up again",
            tale -> tale.written(1, 3).released("r", P).polled("r", P, 0))
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> letsPass() {
    return Cases.clean()
        .when("it read everything", tale -> tale.written(1, 3).polled("r", P, 0, 1, 2))
        .when(
            "it gave the partition up",
            tale -> tale.written(1, 3).polled("r", P, 0).released("r", P))
        .when("it was killed", tale -> tale.written(1, 3).polled("r", P, 0).killed("r"))
        .when("it was set to the end", tale -> tale.written(1, 3).positioned("r", P, 3))
        .when(
            "what it did not read, was declared lost",
            tale -> {
              tale.written(1, 3).polled("r", P, 0, 1).gone(P, 2);
              tale.end(P).highWatermark = OptionalLong.of(3);
              tale.end(P).losses.add(new FinalState.Range(2, 3));
            })
        .when(
            "there is nothing to read",
            tale -> {
              tale.written(1, 3).positioned("r", Q, 0);
              tale.end(Q);
            })
        .tests();
  }
}
