package dev.naru.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.naru.types.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GatheringTest {

  private static final String PAGE = "naru_partitions_leaders{node=\"1\"} 3.0\n";

  private final AtomicLong nanos = new AtomicLong();
  private Duration perLook = Duration.ZERO;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void readsThePageOfANode() {
    shows(200, PAGE);

    var facts = gathered(1);

    assertThat(facts.metrics().orElseThrow().value("naru_partitions_leaders")).hasValue(3);
  }

  /** An address of the loopback is another node on every other machine. */
  @Test
  void doesNotTakeThePageOfAnotherNodeForIts() {
    shows(200, PAGE);

    var facts = gathered(2);

    assertThat(facts.metrics()).isEmpty();
    assertThat(facts.whyNoMetrics())
        .endsWith("Expected the page of node 2, but it is that of node 1");
  }

  @Test
  void doesNotTakeAnyPageForThatOfANode() {
    shows(200, "<html>hello</html>");

    assertThat(gathered(1).whyNoMetrics()).endsWith("but it is that of no node");
  }

  @Test
  void doesNotTakeARefusalForAPage() {
    shows(503, PAGE + "x".repeat(200 - PAGE.length())); // of which a header says 200 as well

    assertThat(gathered(1).whyNoMetrics()).contains("Expected a page, but was HTTP/1.1 503");
  }

  @Test
  void doesNotWaitForOneThatNeverEnds() {
    perLook = Duration.ofSeconds(2);
    shows(200, PAGE);

    assertThat(gathered(1).whyNoMetrics()).contains("within 3000 ms");
  }

  @Test
  void saysWhyNobodyAnswers() {
    server.stop(0);

    assertThat(gathered(1).whyNoMetrics()).contains("does not answer: ");
  }

  private void shows(int status, String page) {
    server.createContext(
        "/metrics",
        exchange -> {
          var bytes = page.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }

  private NodeFacts gathered(int id) {
    var address = HostPort.parse("127.0.0.1:" + server.getAddress().getPort());
    return new Gathering(() -> 0, () -> nanos.addAndGet(perLook.toNanos()))
        .of(List.of(SoundCluster.described(id, "a", address)))
        .getFirst();
  }
}
