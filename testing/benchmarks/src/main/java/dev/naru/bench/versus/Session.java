package dev.naru.bench.versus;

import dev.naru.bench.versus.cluster.ClusterShape;
import java.util.ArrayList;
import java.util.List;

/**
 * Cases that run on the same cluster, one after the other.
 *
 * @param name by which {@code --only} takes all of them
 */
record Session(String name, ClusterShape shape, List<Case> cases) {

  Session {
    cases = List.copyOf(cases);
  }

  /** All that there are; those that break their cluster have one for themselves. */
  static List<Session> of(Options options) {
    var sessions = new ArrayList<Session>();
    for (var all : Cases.all()) {
      var wanted =
          all.cases.stream()
              .filter(one -> options.wants(all.name) || options.wants(one.name()))
              .toList();
      var shared = wanted.stream().filter(one -> !one.breaksCluster()).toList();
      if (!shared.isEmpty()) {
        sessions.add(new Session(all.name, all.shape, shared));
      }
      wanted.stream()
          .filter(Case::breaksCluster)
          .forEach(one -> sessions.add(new Session(all.name, all.shape, List.of(one))));
    }
    return sessions;
  }
}
