package dev.naru.client.transport;

import dev.naru.client.ClientConfig;
import dev.naru.client.NaruException;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;

/** Finds out which topics there are, of any node. The futures complete on the loop. */
public final class TopicNames {

  /** Of one node: one that takes longer is as good as dead, and another one knows, too. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(5);

  private final ClientConfig config;
  private final Router router;
  private final MetadataCalls calls;
  private final ClientLoop loop;

  /** Asks through these calls. */
  public TopicNames(ClientConfig config, Router router, MetadataCalls calls, ClientLoop loop) {
    this.config = config;
    this.router = router;
    this.calls = calls;
    this.loop = loop;
  }

  /** All topics but those that nodes keep for themselves; asks each node once. */
  public CompletableFuture<SortedSet<String>> all() {
    var names = new CompletableFuture<SortedSet<String>>();
    boolean isOpen =
        loop.execute(() -> ask(new ArrayDeque<>(router.anyNode()), new LinkedHashMap<>(), names));
    if (!isOpen) {
      names.completeExceptionally(
          new NaruException(
              ErrorCode.REQUEST_TIMEOUT, "Expected names of topics, but the client is closed"));
    }
    return names;
  }

  private void ask(
      Deque<HostPort> nodes,
      Map<HostPort, String> failures,
      CompletableFuture<SortedSet<String>> names) {
    var node = nodes.poll();
    if (node == null) {
      names.completeExceptionally(
          new NaruException(
              ErrorCode.BOOTSTRAP_UNREACHABLE,
              "Expected a node to say which topics there are, but none did: " + failures));
      return;
    }
    var limit =
        config.requestTimeout().compareTo(ANSWER_MAX) < 0 ? config.requestTimeout() : ANSWER_MAX;
    loop.whenDone(
        calls.topicNames(node, limit),
        names::complete,
        failure -> {
          failures.put(node, String.valueOf(failure.getMessage()));
          ask(nodes, failures, names);
        });
  }
}
