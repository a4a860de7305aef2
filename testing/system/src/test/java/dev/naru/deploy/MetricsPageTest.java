package dev.naru.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.testing.Golden;
import dev.naru.testing.Repository;
import dev.naru.types.MetricId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The manual lists what the enums count; that nodes show the same, {@link ShownMetrics} says. */
class MetricsPageTest {

  private static final Repository REPOSITORY = Repository.of(MetricsPageTest.class);

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
}
