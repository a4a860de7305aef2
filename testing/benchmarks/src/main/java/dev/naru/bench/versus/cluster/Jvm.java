package dev.naru.bench.versus.cluster;

import java.util.List;

/** Flags of the JVMs. Heap and collector are the same on both sides. */
final class Jvm {

  static final List<String> NODE_HEAP = List.of("-Xms1g", "-Xmx1g");
  static final List<String> CLIENT_HEAP = List.of("-Xmx512m");

  private Jvm() {}
}
