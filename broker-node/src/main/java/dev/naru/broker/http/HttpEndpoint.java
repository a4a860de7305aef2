package dev.naru.broker.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The HTTP listener: {@code /livez}, {@code /readyz}, {@code /healthz}, {@code /metrics}. It only
 * reads what others publish, so that a probe is answered whatever else is slow.
 */
public final class HttpEndpoint implements AutoCloseable {

  private static final Logger LOG = LogManager.getLogger(HttpEndpoint.class);

  /** Probes and scrapers are few; more waiting connections than this are refused by the kernel. */
  private static final int BACKLOG_MAX = 64;

  private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final HttpServer server;
  private final HealthPages pages;
  private final Supplier<String> metrics;

  private HttpEndpoint(HttpServer server, HealthPages pages, Supplier<String> metrics) {
    this.server = server;
    this.pages = pages;
    this.metrics = metrics;
  }

  /**
   * Binds and serves.
   *
   * @param executor runs one request at a time per connection
   * @param metrics the page of all metrics, in the text format of Prometheus
   * @throws IOException if the address cannot be bound
   */
  public static HttpEndpoint open(
      InetSocketAddress bind, Executor executor, Supplier<Health> health, Supplier<String> metrics)
      throws IOException {
    var endpoint =
        new HttpEndpoint(HttpServer.create(bind, BACKLOG_MAX), new HealthPages(health), metrics);
    endpoint.server.createContext("/", endpoint::serve);
    endpoint.server.setExecutor(executor);
    endpoint.server.start();
    return endpoint;
  }

  /** The port that was bound. */
  public int port() {
    return server.getAddress().getPort();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      var page = pageFor(exchange);
      var body = page.body().getBytes(StandardCharsets.UTF_8);
      boolean isHead = exchange.getRequestMethod().equals("HEAD");
      exchange.getResponseHeaders().set("Content-Type", page.contentType());
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      exchange.sendResponseHeaders(page.status(), isHead ? -1 : body.length);
      if (!isHead) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  private Page pageFor(HttpExchange exchange) {
    var method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      exchange.getResponseHeaders().set("Allow", "GET, HEAD");
      return Page.text(405, "Expected GET or HEAD");
    }
    var uri = exchange.getRequestURI();
    try {
      return switch (uri.getPath()) {
        case "/livez" -> pages.live();
        case "/readyz" -> pages.ready();
        case "/healthz" -> pages.health(String.valueOf(uri.getQuery()));
        case "/metrics" -> new Page(200, PROMETHEUS_TEXT, metrics.get());
        default -> Page.text(404, "Expected /livez, /readyz, /healthz or /metrics");
      };
    } catch (RuntimeException e) {
      LOG.atInfo().withThrowable(e).log("The page {} could not be made", uri.getPath());
      return Page.text(500, "This page could not be made; the node's log says why");
    }
  }

  /** Takes no further requests and ends those that wait. */
  @Override
  public void close() {
    server.stop(0);
  }
}
