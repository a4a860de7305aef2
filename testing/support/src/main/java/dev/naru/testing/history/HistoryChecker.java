package dev.naru.testing.history;

import java.util.EnumMap;
import java.util.List;
import java.util.TreeMap;

/** Judges a run. */
public final class HistoryChecker {

  private HistoryChecker() {}

  /** Looks at everything there is. */
  public static Verdict check(Run run) {
    return Verdict.of(
        List.of(),
        new EnumMap<>(Anomaly.Kind.class),
        List.of("none of %d histories is checked yet".formatted(run.histories().size())),
        new TreeMap<>());
  }
}
