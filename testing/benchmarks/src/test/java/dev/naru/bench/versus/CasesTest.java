package dev.naru.bench.versus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.bench.versus.process.BenchmarkFailure;
import dev.naru.bench.versus.result.Limit;
import dev.naru.bench.versus.result.Targets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CasesTest {

  @Test
  void measuresWhateverHasATarget() {
    var names =
        Cases.all().stream().flatMap(session -> session.cases().stream()).map(Case::name).toList();

    assertThat(names).doesNotHaveDuplicates();
    assertThat(Targets.all())
        .allSatisfy(
            target -> assertThat(names).contains(target.of().caseName(), target.to().caseName()));
  }

  @Test
  void measuresWhateverHasALimit() {
    var names =
        Cases.all().stream().flatMap(session -> session.cases().stream()).map(Case::name).toList();

    assertThat(Limit.all()).allSatisfy(limit -> assertThat(names).contains(limit.caseName()));
  }

  @Test
  void takesAllCasesOfAGroup() {
    var sessions = Session.of(options("--only", "topic-creation"));

    assertThat(sessions.stream().flatMap(session -> session.cases().stream()).map(Case::name))
        .containsExactly(
            "create-1000-topics",
            "create-1000-topics-by-100",
            "create-1000-topics-one-by-one",
            "create-1000-partitions",
            "list-1000-topics");
  }

  @Test
  void givesACaseThatBreaksItsClusterOneForItself() {
    var sessions = Session.of(options("--only", "stop-leader,kill-leader,e2e,idle"));

    assertThat(sessions.stream().map(session -> session.cases().stream().map(Case::name).toList()))
        .containsExactly(List.of("idle", "e2e"), List.of("kill-leader"), List.of("stop-leader"));
  }

  @Test
  void refusesFlagsItDoesNotKnow() {
    assertThatThrownBy(() -> options("--fast"))
        .isInstanceOf(BenchmarkFailure.class)
        .hasMessageContaining("Expected a flag, but was --fast");
    assertThatThrownBy(() -> options("--rounds"))
        .hasMessageContaining("Expected a value after --rounds");
  }

  private static Options options(String... words) {
    return Options.parse(List.of(words), Path.of("work"));
  }
}
