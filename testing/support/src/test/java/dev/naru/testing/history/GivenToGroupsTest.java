package dev.naru.testing.history;

import static dev.naru.testing.history.Tale.P;
import static dev.naru.testing.history.Tale.Q;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.testing.history.Anomaly.Kind;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class GivenToGroupsTest {

  private static final long LONG = 1_000;

  @TestFactory
  Stream<DynamicTest> convictsAGroupThatPassesOverRecords() {
    return Cases.convictedOf(Kind.NEVER_GIVEN)
        .when("committed and not given", tale -> group(tale).committed("a", P, 1))
        .when("the last one", tale -> group(tale).polled("a", P, 0, 1, 2).committed("a", P, 4))
        .when(
            "one between what two members were given",
            tale ->
                group(tale)
                    .polled("a", P, 0, 1)
                    .revoked("a", P)
                    .assigned("b", P)
                    .polled("b", P, 3)
                    .committed("b", P, 4))
        .when(
            "in the second of two partitions",
            tale -> group(tale).written(1, 4, Q, 0).polled("a", P, 0).committed("a", Q, 1))
        .when(
            "given to who is no member",
            tale -> group(tale).polled("reader", P, 0, 1, 2, 3).committed("a", P, 4))
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> acquitsAGroupThatWasGivenEverything() {
    return Cases.clean()
        .when("all of it", tale -> group(tale).polled("a", P, 0, 1, 2, 3).committed("a", P, 4))
        .when("nothing, and nothing committed", tale -> group(tale))
        .when(
            "not more than is committed",
            tale -> group(tale).polled("a", P, 0).committed("a", P, 1))
        .when(
            "in turn",
            tale ->
                group(tale)
                    .polled("a", P, 0, 1)
                    .committed("a", P, 2)
                    .revoked("a", P)
                    .assigned("b", P)
                    .polled("b", P, 2, 3)
                    .committed("b", P, 4))
        .when(
            "what retention has deleted before it was given",
            tale -> {
              group(tale).gone(P, 0).polled("a", P, 1, 2, 3).committed("a", P, 4);
              tale.end(P).explainedStart = 1;
            })
        .tests();
  }

  @Test
  void countsWhatIsGivenAgain() {
    var tale = new Tale();
    group(tale)
        .polled("a", P, 0, 1, 2)
        .committed("a", P, 1)
        .lost("a", P)
        .assigned("b", P)
        .polled("b", P, 1, 2, 3);

    var verdict = tale.check();

    assertThat(verdict.outcome()).as(verdict.report()).isEqualTo(Verdict.Outcome.CLEAN);
    assertThat(verdict.figures()).containsEntry("given.again", 2L);
  }

  /** Four records, and two members; the first one has the partition. */
  private static Tale group(Tale tale) {
    return tale.written(1, 4).member("b", LONG).member("a", LONG).assigned("a", P);
  }
}
