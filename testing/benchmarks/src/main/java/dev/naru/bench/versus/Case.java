package dev.naru.bench.versus;

import dev.naru.bench.versus.result.Contender;

/** Something that is measured of both systems in the same way. */
interface Case {

  /** How it is called in reports and by {@code --only}. */
  String name();

  /** What it does, for the list of cases. */
  String description();

  /** Measures it once. */
  Measured run(Stage stage);

  /** Whether the cluster cannot be used for another case afterwards. */
  default boolean breaksCluster() {
    return false;
  }

  /** Whether the nodes have worked for a while before it. */
  default boolean wantsWarmNodes() {
    return true;
  }

  /** Whether it is measured of this one. */
  default boolean isFor(Contender contender) {
    return true;
  }
}
