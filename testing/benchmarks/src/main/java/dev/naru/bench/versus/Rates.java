package dev.naru.bench.versus;

import dev.naru.bench.versus.result.Contender;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** How fast each case was the last time: Kafka's tool must be told how many records it sends. */
final class Rates {

  private final Map<String, Double> perSecond = new HashMap<>();

  Optional<Double> last(Contender contender, String caseName) {
    return Optional.ofNullable(perSecond.get(contender + caseName));
  }

  void learn(Contender contender, String caseName, double rate) {
    perSecond.put(contender + caseName, rate);
  }
}
