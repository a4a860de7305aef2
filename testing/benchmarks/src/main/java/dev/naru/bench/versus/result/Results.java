package dev.naru.bench.versus.result;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All outcomes so far, in the order in which they came. */
public final class Results {

  private final List<Outcome> outcomes = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();

  /** One more. */
  public void add(Outcome outcome) {
    outcomes.add(outcome);
  }

  /** A run that came to nothing. */
  public void addFailure(String what) {
    failures.add(what);
  }

  /** Everything that was measured. */
  public List<Outcome> outcomes() {
    return List.copyOf(outcomes);
  }

  /** What could not be measured. */
  public List<String> failures() {
    return List.copyOf(failures);
  }

  /**
   * Over all rounds that nobody disturbed, or over all if there is no other; empty if it was not
   * measured.
   */
  public Optional<Spread> spread(Contender contender, String caseName, Measure measure) {
    var runs =
        outcomes.stream()
            .filter(outcome -> outcome.contender() == contender)
            .filter(outcome -> outcome.caseName().equals(caseName))
            .filter(outcome -> outcome.figures().containsKey(measure))
            .toList();
    var calm = runs.stream().filter(outcome -> !outcome.isDisturbed()).toList();
    var values =
        (calm.isEmpty() ? runs : calm)
            .stream()
                .mapToDouble(outcome -> outcome.figures().getOrDefault(measure, 0.0))
                .toArray();
    return values.length == 0 ? Optional.empty() : Optional.of(Spread.of(values));
  }

  /** The quotient of two medians; empty if one was not measured or the lower one is 0. */
  public Optional<Double> ratio(Target.Side of, Target.Side to, Measure measure) {
    var upper = spread(of.contender(), of.caseName(), measure);
    var lower = spread(to.contender(), to.caseName(), measure);
    return upper.isPresent() && lower.isPresent() && lower.get().median() > 0
        ? Optional.of(upper.get().median() / lower.get().median())
        : Optional.empty();
  }
}
