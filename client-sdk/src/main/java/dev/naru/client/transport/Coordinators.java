package dev.naru.client.transport;

import dev.naru.client.ClientConfig;
import dev.naru.client.core.LeaderHint;
import dev.naru.proto.v1.FindCoordinatorRequest;
import dev.naru.proto.v1.FindCoordinatorResponse;
import dev.naru.proto.v1.GroupServiceGrpc;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import dev.naru.types.Refused;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Knows which node coordinates which group, and asks any node where it does not. Whoever meets a
 * node that is not the coordinator says so, and who is, if that node knew. Owned by the loop.
 */
public final class Coordinators {

  /** Of one node: one that takes longer is as good as dead, and another one knows, too. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(2);

  /** Groups that are remembered: a client has a few, and finding one again costs one question. */
  private static final int GROUPS_MAX = 1_000;

  private final ClientConfig config;
  private final Router router;
  private final Channels channels;
  private final ClientLoop loop;
  private final Map<String, LeaderHint> known = new LinkedHashMap<>(); // longest known first
  private final Set<HostPort> silent = new LinkedHashSet<>(); // did not answer when asked last
  private int turn; // nobody stays with a node that is cut off and tells old news

  /** Asks through these channels. */
  public Coordinators(ClientConfig config, Router router, Channels channels, ClientLoop loop) {
    this.config = config;
    this.router = router;
    this.channels = channels;
    this.loop = loop;
  }

  /** Finds the node, or why there is none now. On the loop, and answers there. */
  public void find(String group, Consumer<HostPort> onFound, Consumer<Refused> onFailure) {
    var before = known.get(group);
    if (before != null) {
      onFound.accept(before.address());
      return;
    }
    new Search(group, inTurn(), onFound, onFailure).askNext();
  }

  /** A node said who coordinates the group. On the loop. */
  public void moved(String group, LeaderHint to) {
    var before = known.get(group);
    if (before == null || before.epoch().isBefore(to.epoch())) {
      known.remove(group);
      known.put(group, to);
      if (known.size() > GROUPS_MAX) {
        known.remove(known.keySet().iterator().next());
      }
    }
  }

  /** This node does not coordinate the group any more, or does not answer. On the loop. */
  public void forget(String group, HostPort address) {
    var before = known.get(group);
    if (before != null && before.address().equals(address)) {
      known.remove(group);
    }
  }

  /**
   * This node answers nothing any more. Another one may coordinate the group without its knowledge:
   * so it is also the last to be asked who does. On the loop.
   */
  public void foundSilent(String group, HostPort address) {
    forget(group, address);
    silent.add(address);
  }

  private Deque<HostPort> inTurn() {
    silent.retainAll(router.anyNode());
    var nodes = new ArrayList<>(router.anyNode());
    Collections.rotate(nodes, -(turn++ % nodes.size()));
    var order = new ArrayDeque<HostPort>();
    nodes.stream().filter(node -> !silent.contains(node)).forEach(order::add);
    nodes.stream().filter(silent::contains).forEach(order::add);
    return order;
  }

  /** One question, put to one node after the other. */
  private final class Search {

    private final String group;
    private final Deque<HostPort> nodes;
    private final Consumer<HostPort> onFound;
    private final Consumer<Refused> onFailure;
    private final Map<HostPort, String> failures = new LinkedHashMap<>();
    private boolean areGroupsUnknown = true; // as far as was asked

    Search(
        String group,
        Deque<HostPort> nodes,
        Consumer<HostPort> onFound,
        Consumer<Refused> onFailure) {
      this.group = group;
      this.nodes = nodes;
      this.onFound = onFound;
      this.onFailure = onFailure;
    }

    void askNext() {
      var node = nodes.poll();
      if (node == null) {
        onFailure.accept(
            new Refused(
                areGroupsUnknown
                    ? ErrorCode.UNSUPPORTED_VERSION
                    : ErrorCode.COORDINATOR_NOT_AVAILABLE,
                "Expected a node to know who coordinates the group "
                    + group
                    + ", but none did: "
                    + failures));
        return;
      }
      var request = FindCoordinatorRequest.newBuilder().setGroup(group).build();
      loop.whenDone(
          channels.call(node, GroupServiceGrpc.getFindCoordinatorMethod(), request, limit()),
          answer -> onAnswer(node, answer),
          failure -> {
            var why = new Refused(failure.code(), String.valueOf(failure.getMessage()));
            silent.add(node);
            if (isForAll(why.code())) {
              onFailure.accept(why);
            } else {
              passOver(node, why);
            }
          });
    }

    private Duration limit() {
      return config.requestTimeout().compareTo(ANSWER_MAX) < 0
          ? config.requestTimeout()
          : ANSWER_MAX;
    }

    private void onAnswer(HostPort node, FindCoordinatorResponse answer) {
      silent.remove(node);
      var refusal = Wire.refusal(answer.getErrorValue(), answer.getErrorMessage());
      var coordinator = Wire.leaderHint(answer.getCoordinator());
      if (refusal.isPresent() && isForAll(refusal.get().code())) {
        onFailure.accept(refusal.get());
      } else if (refusal.isPresent()) {
        passOver(node, refusal.get());
      } else if (coordinator.isEmpty()) {
        passOver(node, new Refused(ErrorCode.COORDINATOR_NOT_AVAILABLE, "names nobody"));
      } else {
        moved(group, coordinator.get());
        onFound.accept(coordinator.get().address());
      }
    }

    /** What is refused for good all refuse; and where there is nobody now, the next try asks on. */
    private static boolean isForAll(ErrorCode code) {
      boolean isUnknownThere = code == ErrorCode.UNSUPPORTED_VERSION; // while nodes are mixed
      return code == ErrorCode.COORDINATOR_NOT_AVAILABLE
          || !(code.isRetriable() || isUnknownThere || code == ErrorCode.INTERNAL);
    }

    /** Another node may know more. */
    private void passOver(HostPort node, Refused why) {
      areGroupsUnknown &= why.code() == ErrorCode.UNSUPPORTED_VERSION;
      failures.put(node, why.reason());
      askNext();
    }
  }
}
