package dev.naru.testing.history;

import static dev.naru.testing.history.Tale.P;
import static dev.naru.testing.history.Tale.Q;

import dev.naru.testing.history.Anomaly.Kind;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class PollsTest {

  @TestFactory
  Stream<DynamicTest> convictsARecordThatAReaderWasNotGiven() {
    return Cases.convictedOf(Kind.POLL_SKIPPED)
        .when("one in the middle", tale -> tale.written(1, 4).polled("r", P, 0, 1, 3))
        .when("many", tale -> tale.written(1, 9).polled("r", P, 0, 8))
        .when(
            "the first one behind where it was set",
            tale -> tale.written(1, 4).positioned("r", P, 1).polled("r", P, 2, 3))
        .when(
            "one that retention has not deleted",
            tale -> {
              tale.written(1, 6).polled("r", P, 0, 4, 5).gone(P, 0).gone(P, 1).gone(P, 2);
              tale.end(P).explainedStart = 3;
            })
        .when(
            "in the second of two partitions",
            tale ->
                tale.written(1, 2)
                    .written(1, 2, Q, 0)
                    .written(1, 3, Q, 1)
                    .written(1, 4, Q, 2)
                    .polled("r", P, 0, 1)
                    .polled("r", Q, 0, 2))
        .when(
            "at the end, before one that it read",
            tale ->
                tale.written(1, 2)
                    .written(1, 2, P, 2)
                    .nothingElseReadAtTheEnd()
                    .readAtTheEnd(P, 0, Optional.of(new Value(1, 0)))
                    .readAtTheEnd(P, 2, Optional.of(new Value(1, 2))))
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> convictsAReaderThatIsLedBack() {
    return Cases.convictedOf(Kind.POLL_BACKWARD)
        .when("the same record again", tale -> tale.written(1, 2).polled("r", P, 0, 0, 1))
        .when("an earlier one", tale -> tale.written(1, 4).polled("r", P, 0, 1, 2, 1, 2, 3))
        .when("the first one", tale -> tale.written(1, 3).polled("r", P, 0, 1, 2, 0, 1, 2))
        .when(
            "before where it was set",
            tale -> tale.written(1, 4).positioned("r", P, 2).polled("r", P, 1, 2, 3))
        .when(
            "in the second of two partitions",
            tale ->
                tale.written(1, 2)
                    .written(1, 2, Q, 0)
                    .polled("r", Q, 0)
                    .polled("r", P, 0, 1)
                    .polled("r", Q, 0))
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> letsPass() {
    return Cases.clean()
        .when("each once", tale -> tale.written(1, 4).polled("r", P, 0, 1, 2, 3))
        .when("from the middle on", tale -> tale.written(1, 4).polled("r", P, 2, 3))
        .when(
            "set back, and read again",
            tale ->
                tale.written(1, 3)
                    .polled("r", P, 0, 1)
                    .positioned("r", P, 0)
                    .polled("r", P, 0, 1, 2))
        .when(
            "set somewhere",
            tale ->
                tale.written(1, 4)
                    .polled("r", P, 0)
                    .positionedSomewhere("r", P)
                    .polled("r", P, 2, 3))
        .when(
            "two partitions in turn",
            tale ->
                tale.written(1, 2)
                    .written(1, 2, Q, 0)
                    .written(1, 3, Q, 1)
                    .polled("r", P, 0)
                    .polled("r", Q, 0)
                    .polled("r", P, 1)
                    .polled("r", Q, 1))
        .when(
            "what was skipped, retention has deleted",
            tale -> {
              tale.written(1, 6).polled("r", P, 0, 3, 4, 5).gone(P, 0).gone(P, 1).gone(P, 2);
              tale.end(P).explainedStart = 3;
            })
        .when(
            "what was skipped, was declared lost",
            tale -> {
              tale.written(1, 6).polled("r", P, 0, 3, 4, 5).gone(P, 1).gone(P, 2);
              tale.end(P).losses.add(new FinalState.Range(1, 3));
            })
        .tests();
  }
}
