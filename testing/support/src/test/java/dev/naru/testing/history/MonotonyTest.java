package dev.naru.testing.history;

import static dev.naru.testing.history.Tale.P;

import dev.naru.testing.history.Anomaly.Kind;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class MonotonyTest {

  @TestFactory
  Stream<DynamicTest> convictsAHighWatermarkThatFalls() {
    return Cases.convictedOf(Kind.WATERMARK_FELL)
        .when(
            "as one client is told",
            tale ->
                tale.written(1, 5)
                    .answered("c", Bound.HIGH_WATERMARK, 4)
                    .answered("c", Bound.HIGH_WATERMARK, 3))
        .when(
            "as two clients are told by the same leader",
            tale ->
                tale.written(1, 5)
                    .answeredInEpoch("c", Bound.HIGH_WATERMARK, 4, 2)
                    .answeredInEpoch("d", Bound.HIGH_WATERMARK, 3, 2))
        .when(
            "under a later leader",
            tale ->
                tale.written(1, 5)
                    .answeredInEpoch("c", Bound.HIGH_WATERMARK, 4, 2)
                    .answeredInEpoch("d", Bound.HIGH_WATERMARK, 3, 3))
        .when(
            "behind what was told",
            tale -> tale.written(1, 5).answered("c", Bound.HIGH_WATERMARK, 6))
        .when(
            "behind what a reader was given",
            tale ->
                tale.written(1, 5)
                    .invoked(1, 5)
                    .unknown(1, 5)
                    .polled("r", P, 0, 1, 2, 3, 4)
                    .polled("r", P, 5, Optional.of(new Value(1, 5))))
        .when(
            "behind an earlier answer, not the one before",
            tale ->
                tale.written(1, 9)
                    .answered("c", Bound.HIGH_WATERMARK, 7)
                    .answered("c", Bound.HIGH_WATERMARK, 8)
                    .answered("c", Bound.HIGH_WATERMARK, 9)
                    .answered("c", Bound.HIGH_WATERMARK, 8))
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> convictsALogStartThatFalls() {
    return Cases.convictedOf(Kind.LOG_START_FELL)
        .when(
            "as one client is told",
            tale ->
                retained(tale).answered("c", Bound.LOG_START, 2).answered("c", Bound.LOG_START, 1))
        .when(
            "as two clients are told by the same leader",
            tale ->
                retained(tale)
                    .answeredInEpoch("c", Bound.LOG_START, 2, 2)
                    .answeredInEpoch("d", Bound.LOG_START, 1, 2))
        .when(
            "under a later leader",
            tale ->
                retained(tale)
                    .answeredInEpoch("c", Bound.LOG_START, 2, 2)
                    .answeredInEpoch("d", Bound.LOG_START, 0, 5))
        .when("at the end", tale -> retained(tale).answered("c", Bound.LOG_START, 3))
        .when(
            "and rises again",
            tale ->
                retained(tale)
                    .answered("c", Bound.LOG_START, 2)
                    .answered("c", Bound.LOG_START, 0)
                    .answered("c", Bound.LOG_START, 2))
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> letsPass() {
    return Cases.clean()
        .when(
            "it rises or stays",
            tale ->
                tale.written(1, 5)
                    .answered("c", Bound.HIGH_WATERMARK, 3)
                    .answered("c", Bound.HIGH_WATERMARK, 3)
                    .answered("c", Bound.HIGH_WATERMARK, 5))
        .when(
            "a leader of the past tells another client what it knows",
            tale ->
                tale.written(1, 5)
                    .answeredInEpoch("c", Bound.HIGH_WATERMARK, 4, 3)
                    .answeredInEpoch("d", Bound.HIGH_WATERMARK, 2, 2))
        .when(
            "nobody knows which leader told the other client",
            tale ->
                tale.written(1, 5)
                    .answered("c", Bound.HIGH_WATERMARK, 4)
                    .answered("d", Bound.HIGH_WATERMARK, 2))
        .when(
            "two questions at the same time",
            tale -> {
              long asked = tale.written(1, 5).tick();
              tale.answered("c", Bound.HIGH_WATERMARK, 4)
                  .tell(
                      "c",
                      new Operation.Answered(
                          asked, tale.tick(), P, Bound.HIGH_WATERMARK, 2, OptionalInt.empty()));
            })
        .when(
            "log start and high watermark are two things",
            tale ->
                retained(tale)
                    .answered("c", Bound.HIGH_WATERMARK, 5)
                    .answered("c", Bound.LOG_START, 2))
        .when(
            "the log start rises",
            tale ->
                retained(tale)
                    .answered("c", Bound.LOG_START, 0)
                    .answered("d", Bound.LOG_START, 1)
                    .answered("c", Bound.LOG_START, 2))
        .tests();
  }

  /** Two of five records have been deleted. */
  private static Tale retained(Tale tale) {
    tale.written(1, 5).gone(P, 0).gone(P, 1);
    tale.end(P).explainedStart = 2;
    return tale;
  }
}
