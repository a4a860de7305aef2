package dev.naru.broker.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpEndpointTest {

  private final AtomicReference<Health> health =
      new AtomicReference<>(new Health(false, "recovers logs", new TreeMap<>()));
  private final HttpClient client = HttpClient.newHttpClient();
  private HttpEndpoint endpoint;

  @BeforeEach
  void open() throws IOException {
    endpoint =
        HttpEndpoint.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Runnable::run,
            health::get,
            () -> "naru_up 1\n");
  }

  @AfterEach
  void close() {
    client.close();
    endpoint.close();
  }

  @Test
  void isAliveLongBeforeItIsReady() throws Exception {
    assertThat(get("/livez").statusCode()).isEqualTo(200);
    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    assertThat(get("/readyz").body()).isEqualTo("recovers logs\n");

    health.set(new Health(true, "ready", new TreeMap<>()));

    assertThat(get("/readyz").statusCode()).isEqualTo(200);
  }

  @Test
  void tellsEverythingInJson() throws Exception {
    var details = new TreeMap<String, String>();
    details.put("step", "a \"quoted\"\nline");
    health.set(new Health(true, "ready", details));

    var verbose = get("/healthz?verbose");

    assertThat(verbose.headers().firstValue("content-type")).contains("application/json");
    assertThat(verbose.body()).contains("\"ready\": true", "\"step\": \"a \\\"quoted\\\"\\nline\"");
    assertThat(get("/healthz").body()).isEqualTo("ready\n");
  }

  @Test
  void servesMetricsAndNothingElse() throws Exception {
    assertThat(get("/metrics").body()).isEqualTo("naru_up 1\n");
    assertThat(get("/etc/passwd").statusCode()).isEqualTo(404);
    assertThat(get("/metrics/../..").statusCode()).isEqualTo(404);
    var post = HttpRequest.newBuilder(uri("/metrics")).POST(BodyPublishers.ofString("x")).build();
    assertThat(client.send(post, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + endpoint.port() + path);
  }
}
