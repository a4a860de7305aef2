package dev.naru.cli.doctor;

import dev.naru.client.admin.NodeDescription;
import dev.naru.types.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;

/** Asks the nodes for their pages of metrics, all at once, each within a time. */
public final class Gathering {

  private static final int LIMIT_MILLIS = 3_000;

  /** Far more than 20,000 series take. */
  private static final int PAGE_BYTES_MAX = 16 << 20;

  private static final String BODY = "\r\n\r\n";

  private final LongSupplier wallMillis;

  /** Compares the clocks of nodes with this one. */
  public Gathering(LongSupplier wallMillis) {
    this.wallMillis = wallMillis;
  }

  /** What is known of these nodes, in their order. */
  public List<NodeFacts> of(List<NodeDescription> nodes) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var asked =
          nodes.stream()
              .map(node -> threads.submit((Callable<NodeFacts>) () -> ask(node)))
              .toList();
      return asked.stream().map(Gathering::answered).toList();
    }
  }

  private static NodeFacts answered(Future<NodeFacts> facts) {
    try {
      return facts.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      throw new IllegalStateException("Expected to wait for metrics, but was interrupted", e);
    }
  }

  private NodeFacts ask(NodeDescription node) {
    long before = wallMillis.getAsLong();
    try {
      var page = MetricsText.parse(page(node.httpAddress()));
      long took = wallMillis.getAsLong() - before;
      return new NodeFacts(node, Optional.of(page), "", before + took / 2, took);
    } catch (IOException e) {
      return new NodeFacts(
          node,
          Optional.empty(),
          "%s does not answer: %s"
              .formatted(node.httpAddress(), Optional.ofNullable(e.getMessage()).orElse("" + e)),
          before,
          0);
    }
  }

  /** By hand: an HTTP client would take longer to load than the answer. */
  private static String page(HostPort address) throws IOException {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(address.host(), address.port()), LIMIT_MILLIS);
      socket.setSoTimeout(LIMIT_MILLIS);
      var request =
          "GET /metrics HTTP/1.0\r\nHost: " + address.host() + "\r\nConnection: close" + BODY;
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      var answer =
          new String(socket.getInputStream().readNBytes(PAGE_BYTES_MAX), StandardCharsets.UTF_8);
      int body = answer.indexOf(BODY);
      if (body < 0 || !answer.substring(0, body).contains(" 200")) {
        throw new IOException(
            "Expected a page, but was " + answer.lines().findFirst().orElse("nothing"));
      }
      return answer.substring(body + BODY.length());
    }
  }
}
