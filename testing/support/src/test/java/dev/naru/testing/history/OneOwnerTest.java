package dev.naru.testing.history;

import static dev.naru.testing.history.Tale.P;
import static dev.naru.testing.history.Tale.Q;

import dev.naru.testing.history.Anomaly.Kind;
import dev.naru.testing.history.Operation.OfMember.Joined;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class OneOwnerTest {

  private static final long LONG = 1_000;

  @TestFactory
  Stream<DynamicTest> convictsAGroupOfTwoOwners() {
    return Cases.convictedOf(Kind.TWO_OWNERS)
        .when(
            "one that never gave it back",
            tale -> two(tale, LONG).assigned("a", P).assigned("b", P).polled("a", P, 0))
        .when(
            "one that gives it back too late",
            tale -> two(tale, LONG).assigned("a", P).assigned("b", P).revoked("a", P))
        .when(
            "one that hears of its loss before its lease is over, and too late",
            tale -> two(tale, LONG).assigned("a", P).assigned("b", P).lost("a", P))
        .when(
            "one whose lease was renewed",
            tale ->
                two(tale, 3).assigned("a", P).leased("a", LONG).assigned("b", P).polled("a", P, 0))
        .when(
            "one whose lease began in the poll that assigned it",
            tale ->
                two(tale, 0).assigned("a", P).leased("a", LONG).assigned("b", P).polled("a", P, 0))
        .when(
            "the second of its partitions",
            tale ->
                two(tale, LONG)
                    .assigned("a", P)
                    .assigned("a", Q)
                    .revoked("a", P)
                    .assigned("b", P)
                    .assigned("b", Q)
                    .revoked("a", Q))
        .when(
            "one that was killed and had done something since",
            tale -> two(tale, LONG).assigned("a", P).assigned("b", P).polled("a", P, 0).killed("a"))
        .when(
            "within the term of a third one",
            tale ->
                two(tale, LONG)
                    .assigned("a", P)
                    .member("c", LONG)
                    .assigned("b", P)
                    .revoked("b", P)
                    .assigned("c", P)
                    .revoked("a", P))
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> acquitsAGroupWhosePartitionsMove() {
    return Cases.clean()
        .when(
            "given back before",
            tale -> two(tale, LONG).assigned("a", P).revoked("a", P).assigned("b", P))
        .when(
            "its lease is over, and it does not know yet",
            tale -> two(tale, 3).assigned("a", P).assigned("b", Q).assigned("b", P).lost("a", P))
        .when(
            "a lease that was told later and ends earlier",
            tale -> two(tale, 3).assigned("a", P).leased("a", 0).assigned("b", P).lost("a", P))
        .when(
            "its lease is over, and it asks before it hears of its loss",
            tale ->
                two(tale, 3)
                    .assigned("a", P)
                    .assigned("b", Q)
                    .leased("b", LONG)
                    .assigned("b", P)
                    .leased("a", 0)
                    .lost("a", P))
        .when(
            "its lease is over, and it has another one before it hears of its loss",
            tale ->
                two(tale, 3)
                    .assigned("a", P)
                    .assigned("b", Q)
                    .leased("b", LONG)
                    .assigned("b", P)
                    .leased("a", LONG)
                    .polled("b", P, 0)
                    .lost("a", P))
        .when(
            "killed before", tale -> two(tale, LONG).assigned("a", P).assigned("b", P).killed("a"))
        .when(
            "another partition",
            tale -> two(tale, LONG).assigned("a", P).assigned("b", Q).polled("a", P, 0))
        .when(
            "another group",
            tale ->
                two(tale, LONG)
                    .tell("b", new Joined(tale.tick(), 2))
                    .assigned("a", P)
                    .assigned("b", P)
                    .polled("a", P, 0))
        .when(
            "the same member again",
            tale -> two(tale, LONG).assigned("a", P).assigned("a", P).revoked("a", P))
        .tests();
  }

  private static Tale two(Tale tale, long leaseMillis) {
    tale.written(1, 1).written(1, 1, Q, 0);
    return tale.member("b", LONG).member("a", leaseMillis);
  }
}
