package dev.naru.bench.versus;

import dev.naru.bench.versus.machine.Memory;
import dev.naru.bench.versus.result.Measure;
import java.util.Map;

/** A cluster that was started and is left alone. */
record IdleCase(String name) implements Case {

  @Override
  public String description() {
    return "memory of a node after the start";
  }

  @Override
  public boolean wantsWarmNodes() {
    return false;
  }

  @Override
  public Measured run(Stage stage) {
    return stage.timed(meter -> {
      Stage.pause(stage.times().settling());
      return Map.of(
          Measure.RESIDENT_MEBIBYTES, Memory.meanResidentMebibytes(stage.cluster().pids()));
    });
  }
}
