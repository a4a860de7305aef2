package dev.naru.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.metrics.BrokerMetric;
import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.ProducerRecord;
import dev.naru.client.admin.NewTopic;
import dev.naru.log.store.StoreMetric;
import dev.naru.testing.Eventually;
import dev.naru.testing.Golden;
import dev.naru.testing.Repository;
import dev.naru.testing.cluster.NaruCluster;
import dev.naru.types.MetricId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the manual, the alert rules and the dashboards say of metrics is what nodes show. */
class MetricsPageTest {

  private static final Repository REPOSITORY = Repository.of(MetricsPageTest.class);

  private static final Pattern SERIES = Pattern.compile("(?m)^([a-z_]+)\\{([^}]*)\\} ");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");

  /** What Prometheus adds to the name of a bucket, and what every series of a node has. */
  private static final Set<String> LABELS_OF_ALL = Set.of("node", "le");

  private static final Eventually SHOWN =
      Eventually.allowing("a look at what came in", Duration.ofSeconds(10))
          .and("a machine that others use too", Duration.ofSeconds(20));

  @Test
  void thePageListsEveryMetric() {
    Golden.in(REPOSITORY.root().resolve("docs")).assertText("METRICS.md", MetricsPage.print());
  }

  @Test
  void noTwoMetricsHaveOneName() {
    var names =
        KnownMetrics.byPart().values().stream().flatMap(List::stream).map(MetricId::id).toList();

    assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.startsWith("naru_"));
  }

  @Test
  void aNodeShowsWhatThePageSays() throws IOException, InterruptedException {
    try (var cluster = NaruCluster.of(1).start();
        var naru = NaruClient.builder().bootstrapServers(cluster.bootstrapServers()).build();
        var http = HttpClient.newHttpClient()) {
      naru.admin().createTopic(NewTopic.named("orders").partitions(2).replicationFactor(1)).join();
      var address = naru.admin().listNodes().join().getFirst().httpAddress();
      var request = HttpRequest.newBuilder(URI.create("http://" + address + "/metrics")).build();
      try (var producer = naru.producer(Codec.utf8(), Codec.utf8()).build()) {
        SHOWN.until(
            "the busiest partition has a series",
            () -> {
              producer.send(ProducerRecord.of("orders", "key", "value")).join();
              return page(http, request).contains(BrokerMetric.PARTITION_RATE.id() + "{");
            });
      }
      var page = page(http, request);

      assertThat(unknownIn(page)).as("series that docs/METRICS.md does not have so").isEmpty();
      for (var metric : List.of(BrokerMetric.REQUEST, StoreMetric.FSYNC)) {
        assertThat(page).contains(metric.id() + "_bucket{");
      }
      var shown = names(page);
      assertThat(DeployFiles.foreignMetrics()).isSubsetOf(shown);
      var linted = Promtool.run(page, "check", "metrics");
      assertThat(linted.lines().filter(line -> line.startsWith("naru_"))).isEmpty();
    }
  }

  private static String page(HttpClient http, HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString()).body();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Set<String> names(String page) {
    var names = new TreeSet<String>();
    SERIES.matcher(page).results().forEach(series -> names.add(series.group(1)));
    return names;
  }

  private static List<String> unknownIn(String page) {
    var unknown = new ArrayList<String>();
    for (var series : SERIES.matcher(page).results().toList()) {
      if (series.group(1).startsWith("naru_")) {
        var metric = KnownMetrics.ofSeries(series.group(1));
        var labels = new TreeSet<String>();
        LABEL.matcher(series.group(2)).results().forEach(label -> labels.add(label.group(1)));
        labels.removeAll(LABELS_OF_ALL);
        if (metric.isEmpty() || !labels.equals(new TreeSet<>(metric.get().labels()))) {
          unknown.add(series.group());
        }
      }
    }
    return unknown;
  }
}
