package dev.naru.bench.versus.result;

import static dev.naru.bench.versus.result.Contender.KAFKA;
import static dev.naru.bench.versus.result.Contender.NARU;

import java.util.OptionalDouble;

/**
 * A ratio of two medians and what it must be.
 *
 * @param row its number in the table of targets; several may share one
 */
public record Target(
    String row,
    String claim,
    Side of,
    Side to,
    Measure measure,
    Direction direction,
    OptionalDouble goal,
    OptionalDouble must) {

  /** A case of one of the two. */
  public record Side(Contender contender, String caseName) {}

  /** Which way is better. */
  public enum Direction {
    /** A ratio of at least so much. */
    HIGHER("≥"),
    /** At most so much. */
    LOWER("≤");

    private final String sign;

    Direction(String sign) {
      this.sign = sign;
    }

    /** As in formulas. */
    public String sign() {
      return sign;
    }
  }

  /** How a ratio stands. */
  public enum Verdict {
    /** Reaches the goal. */
    GOAL,
    /** Reaches what it must have, and not the goal. */
    MUST,
    /** Does not reach what it must have. */
    MISSED
  }

  /** The same case of both, more is better. */
  static Target higher(
      String row, String claim, String caseName, Measure measure, double goal, double must) {
    return across(row, claim, caseName, caseName, measure, Direction.HIGHER, goal, must);
  }

  /** The same case of both, less is better. */
  static Target lower(
      String row, String claim, String caseName, Measure measure, double goal, double must) {
    return across(row, claim, caseName, caseName, measure, Direction.LOWER, goal, must);
  }

  /** One case of Naru against another one of Kafka. */
  static Target across(
      String row,
      String claim,
      String naruCase,
      String kafkaCase,
      Measure measure,
      Direction direction,
      double goal,
      double must) {
    return new Target(
        row,
        claim,
        new Side(NARU, naruCase),
        new Side(KAFKA, kafkaCase),
        measure,
        direction,
        OptionalDouble.of(goal),
        OptionalDouble.of(must));
  }

  /** The same without a goal, which another row has. */
  Target withoutGoal() {
    return new Target(row, claim, of, to, measure, direction, OptionalDouble.empty(), must);
  }

  /** The same without what it must have, which another row has. */
  Target withoutMust() {
    return new Target(row, claim, of, to, measure, direction, goal, OptionalDouble.empty());
  }

  /** Naru against itself. */
  Target against(String ownCase) {
    return new Target(row, claim, of, new Side(NARU, ownCase), measure, direction, goal, must);
  }

  /** How a ratio stands; with one limit only, that decides. */
  public Verdict verdict(double ratio) {
    boolean reachesMust = must.isEmpty() || reaches(ratio, must.getAsDouble());
    boolean reachesGoal = goal.isPresent() ? reaches(ratio, goal.getAsDouble()) : reachesMust;
    return reachesGoal
        ? Verdict.GOAL
        : reachesMust && must.isPresent() ? Verdict.MUST : Verdict.MISSED;
  }

  private boolean reaches(double ratio, double limit) {
    return direction == Direction.HIGHER ? ratio >= limit : ratio <= limit;
  }
}
