package dev.naru.testing.history;

import static dev.naru.testing.history.Tale.P;
import static dev.naru.testing.history.Tale.Q;

import dev.naru.testing.history.Anomaly.Kind;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class LivenessTest {

  @TestFactory
  Stream<DynamicTest> convictsSilenceWhileNothingIsBroken() {
    return Cases.convictedOf(Kind.NOT_ALIVE)
        .when(
            "nothing is sent",
            tale -> tale.written(1, 2).healthy(tale.now() + 1, tale.now() + 100 * Tale.MILLI))
        .when(
            "everything is refused",
            tale -> {
              long from = tale.written(1, 2).tick();
              tale.invoked(1, 2).failed(1, 2).healthy(from, tale.tick());
            })
        .when(
            "nothing is answered",
            tale -> {
              long from = tale.written(1, 2).tick();
              tale.invoked(1, 2).unknown(1, 2).healthy(from, tale.tick());
            })
        .when(
            "one of two partitions takes nothing",
            tale -> {
              long from = tale.written(1, 1).written(1, 1, Q, 0).tick();
              tale.written(1, 2, P, 1).healthy(from, tale.tick());
            })
        .when(
            "the second of two windows",
            tale -> {
              long from = tale.now();
              tale.written(1, 2).healthy(from, tale.tick());
              tale.healthy(tale.tick(), tale.tick());
            })
        .when(
            "the acknowledgement comes when the window is over",
            tale -> {
              long from = tale.written(1, 1).tick();
              tale.invoked(1, 1).stored(P, 1, 1, 1).healthy(from, tale.tick()).ok(1, 1, P, 1);
            })
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> letsPass() {
    return Cases.clean()
        .when(
            "a record was acknowledged",
            tale -> {
              long from = tale.tick();
              tale.written(1, 1).healthy(from, tale.tick());
            })
        .when(
            "it was sent before the window began",
            tale -> {
              long from = tale.producer(1, Acks.ALL).invoked(1, 0).tick();
              tale.stored(P, 0, 1, 0).ok(1, 0, P, 0).healthy(from, tale.tick());
            })
        .when(
            "both partitions were written to",
            tale -> {
              long from = tale.tick();
              tale.written(1, 1).written(1, 1, Q, 0).healthy(from, tale.tick());
            })
        .when("no window is healthy", tale -> tale.written(1, 1))
        .when(
            "silence comes between the windows",
            tale -> {
              long from = tale.now();
              tale.written(1, 1).healthy(from, tale.tick());
              tale.tick();
              long again = tale.tick();
              tale.written(1, 1, P, 1).healthy(again, tale.tick());
            })
        .when(
            "some are refused",
            tale -> {
              long from = tale.tick();
              tale.written(1, 1).invoked(1, 1).failed(1, 1).healthy(from, tale.tick());
            })
        .tests();
  }
}
