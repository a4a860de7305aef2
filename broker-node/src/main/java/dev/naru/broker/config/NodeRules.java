package dev.naru.broker.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What settings must be to each other; each refusal names both values. */
final class NodeRules {

  private NodeRules() {}

  /** A refusal, and the keys of which it speaks. */
  private record Finding(ConfigProblem problem, List<String> keys) {}

  /**
   * What is refused.
   *
   * @param refused keys that have another value than was written: nothing is said of them
   */
  static List<ConfigProblem> check(
      NodeConfig config, Map<String, RawValue> written, Set<String> refused) {
    var problems = new ArrayList<Finding>();
    byName(config.listeners())
        .forEach((name, listener) -> checkListener(name, listener, written, problems));
    checkPorts(config.listeners(), written, problems);
    checkVoter(config, written, problems);
    checkMinInsync(config.topics(), written, problems);
    return problems.stream()
        .filter(found -> found.keys().stream().noneMatch(refused::contains))
        .map(Finding::problem)
        .toList();
  }

  /** What is allowed and worth a second look. */
  static List<String> warnings(NodeConfig config) {
    var warnings = new ArrayList<String>();
    byName(config.listeners())
        .forEach((name, listener) -> {
          if (!isLoopback(listener.bind().host())) {
            warnings.add(
                name
                    + " is plaintext on "
                    + listener.bind()
                    + ": anyone who reaches it may use it");
          }
        });
    return warnings;
  }

  private static Map<String, ListenerConfig> byName(ListenersConfig listeners) {
    var byName = new LinkedHashMap<String, ListenerConfig>();
    byName.put("listeners.client", listeners.client());
    byName.put("listeners.internal", listeners.internal());
    byName.put("listeners.raft", listeners.raft());
    byName.put("listeners.http", listeners.http());
    return byName;
  }

  private static void checkListener(
      String name, ListenerConfig listener, Map<String, RawValue> written, List<Finding> problems) {
    var security = listener.security().orElse(ListenerSecurity.PLAINTEXT);
    if (security != ListenerSecurity.PLAINTEXT) {
      problems.add(
          problem(
              "Expected %s.security to be plaintext, but was %s, which is not available in this release"
                  .formatted(name, security.name().toLowerCase(Locale.ROOT)),
              written,
              name + ".security"));
    } else if (listener.security().isEmpty() && !isLoopback(listener.bind().host())) {
      problems.add(
          problem(
              "Expected %s.security to be written out, because %s is not loopback, but it is absent"
                  .formatted(name, listener.bind()),
              written,
              name + ".bind"));
    }
    if (isWildcard(listener.bind().host()) && listener.advertised().isEmpty()) {
      problems.add(
          problem(
              "Expected %s.advertised to be set, because %s is every address, but it is absent"
                  .formatted(name, listener.bind()),
              written,
              name + ".bind"));
    }
    if (listener.advertised().filter(told -> isWildcard(told.host())).isPresent()) {
      problems.add(
          problem(
              "Expected %s.advertised to be an address others can reach, but was %s"
                  .formatted(name, listener.advertised().get()),
              written,
              name + ".advertised"));
    }
  }

  private static void checkPorts(
      ListenersConfig listeners, Map<String, RawValue> written, List<Finding> problems) {
    var taken = new LinkedHashMap<Integer, String>();
    byName(listeners)
        .forEach((name, listener) -> {
          int port = listener.bind().port();
          var other = Optional.ofNullable(port == 0 ? null : taken.putIfAbsent(port, name));
          other.ifPresent(first ->
              problems.add(
                  problem(
                      "Expected a port for each listener, but %s and %s are both on %d"
                          .formatted(first, name, port),
                      written,
                      first + ".bind",
                      name + ".bind")));
        });
  }

  /** Other voters call this node where {@code quorum.voters} says, so it must listen there. */
  private static void checkVoter(
      NodeConfig config, Map<String, RawValue> written, List<Finding> problems) {
    var raft = config.listeners().raft();
    config.quorum().voters().stream()
        .filter(voter -> voter.node().equals(config.nodeId()))
        .filter(voter -> raft.advertised(raft.bind().port()).port() != voter.raft().port())
        .forEach(voter ->
            problems.add(
                problem(
                    "Expected listeners.raft to be on port %d, as quorum.voters says of node %s, but was %s"
                        .formatted(
                            voter.raft().port(), voter.node(), raft.advertised(raft.bind().port())),
                    written,
                    "quorum.voters",
                    "listeners.raft.bind",
                    "listeners.raft.advertised")));
  }

  private static void checkMinInsync(
      TopicDefaultsConfig topics, Map<String, RawValue> written, List<Finding> problems) {
    topics
        .minInsyncReplicas()
        .map(Integer::parseInt)
        .filter(min -> min > topics.replicationFactor())
        .ifPresent(min ->
            problems.add(
                problem(
                    "Expected min.insync.replicas to be at most default.replication.factor %d, but was %d"
                        .formatted(topics.replicationFactor(), min),
                    written,
                    "min.insync.replicas",
                    "default.replication.factor")));
  }

  private static Finding problem(String message, Map<String, RawValue> written, String... keys) {
    var origins =
        Stream.of(keys)
            .flatMap(key -> Optional.ofNullable(written.get(key)).stream())
            .map(RawValue::origin)
            .toList();
    return new Finding(new ConfigProblem(message, origins), List.of(keys));
  }

  static boolean isLoopback(String host) {
    return host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
  }

  private static boolean isWildcard(String host) {
    return host.equals("0.0.0.0") || host.equals("::") || host.equals("*");
  }
}
