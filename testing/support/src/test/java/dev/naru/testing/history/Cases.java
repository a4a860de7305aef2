package dev.naru.testing.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.testing.history.Verdict.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** Runs by what is special of them, all of which must end in the same verdict. */
final class Cases {

  private final List<DynamicTest> tests = new ArrayList<>();
  private final Consumer<Verdict> expected;

  private Cases(Consumer<Verdict> expected) {
    this.expected = expected;
  }

  /** All of these are convicted of this. */
  static Cases convictedOf(Anomaly.Kind kind) {
    return new Cases(verdict -> {
      assertThat(verdict.outcome()).as(verdict.report()).isEqualTo(Outcome.ANOMALIES);
      assertThat(verdict.counts()).as(verdict.report()).containsKey(kind);
      assertThat(verdict.anomalies()).anyMatch(anomaly -> anomaly.kind() == kind);
    });
  }

  /** None of these is convicted of anything. */
  static Cases clean() {
    return new Cases(
        verdict -> assertThat(verdict.outcome()).as(verdict.report()).isEqualTo(Outcome.CLEAN));
  }

  /** All of these prove nothing. */
  static Cases invalid() {
    return new Cases(
        verdict -> assertThat(verdict.outcome()).as(verdict.report()).isEqualTo(Outcome.INVALID));
  }

  Cases when(String what, Consumer<Tale> told) {
    tests.add(
        DynamicTest.dynamicTest(
            what,
            () -> {
              var tale = new Tale();
              told.accept(tale);
              expected.accept(tale.check());
            }));
    return this;
  }

  Stream<DynamicTest> tests() {
    return tests.stream();
  }
}
