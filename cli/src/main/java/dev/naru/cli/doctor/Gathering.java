package dev.naru.cli.doctor;

import dev.naru.client.admin.NodeDescription;
import dev.naru.types.HostPort;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/** Asks the nodes for their pages of metrics, all at once, each within a time. */
public final class Gathering {

  private static final Duration LIMIT = Duration.ofSeconds(3);

  /** Far more than 20,000 series take. */
  private static final int PAGE_BYTES_MAX = 16 << 20;

  private static final int CHUNK_BYTES = 64 << 10;
  private static final String BODY = "\r\n\r\n";
  private static final Pattern FOUND = Pattern.compile("HTTP/1\\.\\d 200\\b");

  private final LongSupplier wallMillis;
  private final LongSupplier nanoClock;

  /** Compares the clocks of nodes with the first one; waits by the other. */
  public Gathering(LongSupplier wallMillis, LongSupplier nanoClock) {
    this.wallMillis = wallMillis;
    this.nanoClock = nanoClock;
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
      requireOf(node, page);
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

  /** An address of the loopback is another node's, or nobody's, on every other machine. */
  private static void requireOf(NodeDescription node, MetricsText page) throws IOException {
    var id = page.node();
    if (!id.equals(Optional.of(Integer.toString(node.id())))) {
      throw new IOException(
          "Expected the page of node %d, but it is that of %s"
              .formatted(node.id(), id.map(other -> "node " + other).orElse("no node")));
    }
  }

  /** By hand: an HTTP client would take longer to load than the answer. */
  private String page(HostPort address) throws IOException {
    long untilNanos = nanoClock.getAsLong() + LIMIT.toNanos();
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(address.host(), address.port()), millisTo(untilNanos));
      var request =
          "GET /metrics HTTP/1.0\r\nHost: " + address.host() + "\r\nConnection: close" + BODY;
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      var answer = answer(socket, untilNanos);
      int body = answer.indexOf(BODY);
      if (body < 0 || !FOUND.matcher(answer).lookingAt()) {
        throw new IOException(
            "Expected a page, but was " + answer.lines().findFirst().orElse("nothing"));
      }
      return answer.substring(body + BODY.length());
    }
  }

  private String answer(Socket socket, long untilNanos) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var chunk = new byte[CHUNK_BYTES];
    while (bytes.size() < PAGE_BYTES_MAX) {
      socket.setSoTimeout(millisTo(untilNanos));
      int read = socket.getInputStream().read(chunk);
      if (read < 0) {
        return bytes.toString(StandardCharsets.UTF_8);
      }
      bytes.write(chunk, 0, read);
    }
    throw new IOException("Expected at most " + PAGE_BYTES_MAX + " bytes, but were more");
  }

  /** At least 1: a socket takes 0 for ever. */
  private int millisTo(long untilNanos) throws SocketTimeoutException {
    long left = untilNanos - nanoClock.getAsLong();
    if (left <= 0) {
      throw new SocketTimeoutException(
          "Expected a whole answer within " + LIMIT.toMillis() + " ms, but it was not");
    }
    return Math.toIntExact(TimeUnit.NANOSECONDS.toMillis(left) + 1);
  }
}
