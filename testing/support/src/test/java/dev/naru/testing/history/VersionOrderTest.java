package dev.naru.testing.history;

import static dev.naru.testing.history.Tale.P;
import static dev.naru.testing.history.Tale.Q;

import dev.naru.testing.history.Anomaly.Kind;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class VersionOrderTest {

  @TestFactory
  Stream<DynamicTest> convictsTwoValuesAtOneOffset() {
    return Cases.convictedOf(Kind.INCONSISTENT_OFFSET)
        .when(
            "two readers are given different records",
            tale ->
                tale.written(1, 3)
                    .polled("r1", P, 0, 1, 2)
                    .polled("r2", P, 0)
                    .polled("r2", P, 1, Optional.of(new Value(1, 2)))
                    .released("r2", P))
        .when(
            "one reader is given another record the second time",
            tale ->
                tale.written(1, 2)
                    .polled("r1", P, 0)
                    .positioned("r1", P, 0)
                    .polled("r1", P, 0, Optional.of(new Value(1, 1)))
                    .released("r1", P))
        .when(
            "at the end there is another record",
            tale -> tale.written(1, 2).polled("r1", P, 0, 1).stored(P, 1, 1, 0))
        .when(
            "another record was acknowledged there",
            tale -> {
              tale.written(1, 1).producer(2, Acks.ALL).invoked(2, 0).ok(2, 0, P, 0);
            })
        .when(
            "two readers of the end disagree",
            tale -> tale.written(1, 2).readAtTheEnd(P, 1, Optional.of(new Value(1, 0))))
        .when(
            "one reader could not recognise what another one could",
            tale -> tale.written(1, 2).polled("r1", P, 0).polled("r1", P, 1, Optional.empty()))
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> letsPass() {
    return Cases.clean()
        .when(
            "two readers agree",
            tale -> tale.written(1, 3).polled("r1", P, 0, 1, 2).polled("r2", P, 0, 1, 2))
        .when(
            "the same offset of another partition has another record",
            tale -> tale.written(1, 1).written(1, 1, Q, 0).polled("r", P, 0).polled("r", Q, 0))
        .when(
            "a record is there twice, at two offsets",
            tale -> tale.written(1, 1).stored(P, 1, 1, 0).polled("r", P, 0, 1))
        .when(
            "with acks of the leader alone, another record has taken its place",
            tale ->
                tale.producer(1, Acks.LEADER)
                    .invoked(1, 0)
                    .ok(1, 0, P, 0)
                    .producer(2, Acks.ALL)
                    .written(2, 0, P, 0)
                    .polled("r", P, 0))
        .when(
            "a loss was declared, and the offset is used again",
            tale -> {
              tale.written(1, 2).polled("r", P, 0, 1).positioned("r", P, 1);
              tale.producer(2, Acks.ALL).written(2, 0, P, 1).polled("r", P, 1);
              tale.end(P).losses.add(new FinalState.Range(1, 2));
            })
        .when(
            "losses are counted, and the offset is used again",
            tale -> {
              tale.written(1, 2).polled("r", P, 0, 1).positioned("r", P, 1);
              tale.producer(2, Acks.ALL).written(2, 0, P, 1).polled("r", P, 1);
              tale.end(P).promise = FinalState.Promise.LOSSES_ARE_COUNTED;
            })
        .tests();
  }
}
