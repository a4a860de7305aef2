package dev.naru.bench.versus;

import dev.naru.bench.versus.machine.CpuUsage;
import dev.naru.bench.versus.result.Contender;
import dev.naru.bench.versus.result.Measure;
import dev.naru.bench.versus.result.Outcome;
import java.util.Map;

/** Figures of one run and what the processors did meanwhile. */
record Measured(Map<Measure, Double> figures, CpuUsage usage) {

  Measured {
    figures = Measure.copyOf(figures);
  }

  Outcome outcome(String caseName, Contender contender, int round) {
    return new Outcome(caseName, contender, round, figures, usage.othersShare(), usage.kernel());
  }
}
