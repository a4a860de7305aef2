package dev.naru.client.transport;

import dev.naru.types.HostPort;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whom to ask next: each known node once a round, then the bootstrap addresses. The round begins
 * with another node each time, so that no client stays with a node that is cut off and tells old
 * news; nodes that failed in the last round come last, because a dead host costs a whole timeout.
 * Owned by the loop.
 */
final class Candidates {

  private final List<HostPort> bootstrap;
  private final Deque<HostPort> round = new ArrayDeque<>();
  private final Map<HostPort, String> failures = new LinkedHashMap<>(); // since the last answer
  private int turn;

  Candidates(List<HostPort> bootstrap) {
    this.bootstrap = bootstrap;
  }

  /** Begins a round over these nodes and the bootstrap addresses. */
  void begin(Collection<HostPort> nodes) {
    var known = new ArrayList<>(nodes);
    var order = new LinkedHashSet<HostPort>();
    for (int i = 0; i < known.size(); i++) {
      order.add(known.get((turn + i) % known.size()));
    }
    turn++;
    order.addAll(bootstrap);
    round.clear();
    order.stream().filter(address -> !failures.containsKey(address)).forEach(round::add);
    order.stream().filter(failures::containsKey).forEach(round::add);
  }

  /** The next address of the round, unless all were asked. */
  Optional<HostPort> next() {
    return Optional.ofNullable(round.poll());
  }

  void answered(HostPort address) {
    failures.remove(address);
  }

  void failed(HostPort address, String why) {
    failures.put(address, why);
  }

  /** Why nobody answered: every address with its reason. */
  String failures() {
    var text = new StringBuilder();
    failures.forEach((address, why) ->
        text.append(text.isEmpty() ? "" : "; ").append(address).append(": ").append(why));
    return text.toString();
  }
}
