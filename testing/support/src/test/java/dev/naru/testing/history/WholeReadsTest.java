package dev.naru.testing.history;

import static dev.naru.testing.history.Tale.P;
import static dev.naru.testing.history.Tale.Q;

import dev.naru.testing.history.Anomaly.Kind;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class WholeReadsTest {

  @TestFactory
  Stream<DynamicTest> convictsAGapThatNothingExplains() {
    return Cases.convictedOf(Kind.UNEXPLAINED_GAP)
        .when(
            "an offset in the middle holds nothing",
            tale ->
                tale.producer(1, Acks.NONE)
                    .invoked(1, 0)
                    .handedOver(1, 0, P)
                    .stored(P, 0, 1, 0)
                    .invoked(1, 1)
                    .stored(P, 2, 1, 1))
        .when(
            "the log begins later than it may",
            tale -> {
              tale.written(1, 5);
              tale.end(P).logStart = OptionalLong.of(2);
              tale.end(P).explainedStart = 1;
            })
        .when(
            "the reader of the end stopped before the high watermark",
            tale -> {
              tale.written(1, 5);
              tale.end(P).highWatermark = OptionalLong.of(7);
            })
        .when(
            "the reader of the end began behind the log start",
            tale -> {
              tale.written(1, 5).gone(P, 0);
              tale.end(P).logStart = OptionalLong.of(0);
            })
        .when(
            "one partition was not read at the end at all",
            tale -> {
              tale.written(1, 5);
              tale.end(Q).highWatermark = OptionalLong.of(3);
            })
        .when(
            "the declared loss is smaller than the gap",
            tale -> {
              tale.written(1, 6).gone(P, 2).gone(P, 3).gone(P, 4);
              tale.end(P).losses.add(new FinalState.Range(2, 4));
            })
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> letsPass() {
    return Cases.clean()
        .when("there is no gap", tale -> tale.written(1, 5))
        .when(
            "retention has deleted the beginning",
            tale -> {
              tale.written(1, 5).gone(P, 0).gone(P, 1);
              tale.end(P).explainedStart = 2;
            })
        .when(
            "retention might have deleted more",
            tale -> {
              tale.written(1, 5).gone(P, 0).gone(P, 1);
              tale.end(P).explainedStart = 4;
            })
        .when(
            "the cluster has declared the loss",
            tale -> {
              tale.written(1, 6).gone(P, 2).gone(P, 3);
              tale.end(P).losses.add(new FinalState.Range(2, 4));
            })
        .when(
            "two losses beside each other have been declared",
            tale -> {
              tale.written(1, 6).gone(P, 2).gone(P, 3);
              tale.end(P).losses.add(new FinalState.Range(3, 4));
              tale.end(P).losses.add(new FinalState.Range(2, 3));
            })
        .when(
            "a partition was never written to",
            tale -> {
              tale.written(1, 2);
              tale.end(Q).highWatermark = OptionalLong.of(0);
            })
        .tests();
  }
}
