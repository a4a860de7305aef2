package dev.naru.bench.versus.result;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.bench.versus.result.Target.Side;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResultsTest {

  private final Results results = new Results();

  @Test
  void leavesOutWhatSomebodyDisturbed() {
    add(Contender.NARU, 100, 0.02);
    add(Contender.NARU, 40, 0.5);
    add(Contender.NARU, 110, 0.03);

    assertThat(spread()).isEqualTo(new Spread(105, 100, 110, 2));
  }

  @Test
  void takesWhatThereIsIfAllWasDisturbed() {
    add(Contender.NARU, 40, 0.5);

    assertThat(spread()).isEqualTo(new Spread(40, 40, 40, 1));
  }

  @Test
  void dividesMedians() {
    add(Contender.NARU, 100, 0);
    add(Contender.KAFKA, 20, 0);

    assertThat(ratio(Contender.NARU, Contender.KAFKA)).hasValue(5.0);
    assertThat(results.ratio(side(Contender.NARU), new Side(Contender.NARU, "other"), P50))
        .isEmpty();
  }

  private static final Measure P50 = Measure.P50_MILLIS;

  private Spread spread() {
    return results.spread(Contender.NARU, "case", P50).orElseThrow();
  }

  private Optional<Double> ratio(Contender of, Contender to) {
    return results.ratio(side(of), side(to), P50);
  }

  private static Side side(Contender contender) {
    return new Side(contender, "case");
  }

  private void add(Contender contender, double value, double others) {
    results.add(new Outcome("case", contender, 1, Map.of(P50, value), others, 0));
  }
}
