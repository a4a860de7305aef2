package dev.naru.testing.history;

import static dev.naru.testing.history.Tale.P;

import dev.naru.testing.history.Anomaly.Kind;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class CommittedOffsetsTest {

  private static final long LONG = 1_000;

  @TestFactory
  Stream<DynamicTest> convictsAGroupThatForgets() {
    return Cases.convictedOf(Kind.COMMIT_LOST)
        .when(
            "found lower than it was committed",
            tale -> read(tale).committed("a", P, 3).found("a", P, OptionalLong.of(2)))
        .when(
            "not found any more",
            tale -> read(tale).committed("a", P, 3).found("b", P, OptionalLong.empty()))
        .when(
            "the next one begins lower",
            tale ->
                read(tale).committed("a", P, 3).revoked("a", P).assigned("b", P).polled("b", P, 2))
        .when(
            "the same one begins lower",
            tale -> read(tale).committed("a", P, 3).lost("a", P).assigned("a", P).polled("a", P, 0))
        .when(
            "committed lower by another one",
            tale -> read(tale).committed("a", P, 3).revoked("a", P).committed("b", P, 1))
        .when(
            "committed lower by the same one",
            tale -> read(tale).committed("a", P, 4).committed("a", P, 3))
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> convictsAGroupThatIsWhereNobodyWas() {
    return Cases.convictedOf(Kind.COMMIT_UNKNOWN)
        .when(
            "found higher than it was committed",
            tale -> read(tale).committed("a", P, 3).found("a", P, OptionalLong.of(4)))
        .when(
            "found, and nothing was committed",
            tale -> read(tale).found("a", P, OptionalLong.of(4)))
        .when(
            "the next one begins higher",
            tale ->
                read(tale).committed("a", P, 2).revoked("a", P).assigned("b", P).polled("b", P, 3))
        .when(
            "the first one does not begin at the beginning",
            tale -> members(tale).assigned("a", P).polled("a", P, 1, 2, 3))
        .when(
            "found before it was committed",
            tale -> read(tale).found("b", P, OptionalLong.of(3)).committed("a", P, 3))
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> acquitsAGroupThatIsWhereItMayBe() {
    return Cases.clean()
        .when(
            "found where it was committed",
            tale -> read(tale).committed("a", P, 3).found("a", P, OptionalLong.of(3)))
        .when("nothing committed", tale -> read(tale).found("a", P, OptionalLong.empty()))
        .when(
            "an unanswered commit that happened",
            tale ->
                read(tale)
                    .committed("a", P, 1)
                    .commitInvoked("a", P, 3)
                    .found("b", P, OptionalLong.of(3)))
        .when(
            "an unanswered commit that did not happen",
            tale ->
                read(tale)
                    .committed("a", P, 1)
                    .commitInvoked("a", P, 3)
                    .lost("a", P)
                    .assigned("b", P)
                    .polled("b", P, 1, 2, 3))
        .when(
            "asked before a commit was acknowledged",
            tale -> {
              long invoked = tale.now();
              read(tale)
                  .commitInvoked("a", P, 3)
                  .found("b", P, OptionalLong.empty())
                  .committedSince(invoked, "a", P, 3);
            })
        .when(
            "two commits at once, the higher one acknowledged first",
            tale -> {
              read(tale);
              long invoked = tale.tick();
              tale.commitInvoked("a", P, 2).committed("a", P, 3).committedSince(invoked, "a", P, 2);
            })
        .when(
            "set elsewhere before it begins",
            tale ->
                read(tale)
                    .committed("a", P, 3)
                    .revoked("a", P)
                    .assigned("b", P)
                    .positioned("b", P, 1)
                    .polled("b", P, 1, 2, 3))
        .tests();
  }

  /** Four records, and two members. */
  private static Tale members(Tale tale) {
    return tale.written(1, 4).member("a", LONG).member("b", LONG);
  }

  /** The first of them was given all. */
  private static Tale read(Tale tale) {
    return members(tale).assigned("a", P).polled("a", P, 0, 1, 2, 3);
  }
}
