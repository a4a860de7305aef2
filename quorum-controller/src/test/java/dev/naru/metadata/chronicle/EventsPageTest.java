package dev.naru.metadata.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.testing.Golden;
import dev.naru.testing.Repository;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EventsPageTest {

  private static final Repository REPOSITORY = Repository.of(EventsPageTest.class);

  @Test
  @Tag("S110")
  void thePageListsEveryEventAndEveryCause() {
    Golden.in(REPOSITORY.root().resolve("docs")).assertText("EVENTS.md", EventsPage.print());
  }

  @ParameterizedTest
  @EnumSource(ClusterEventCode.class)
  void eachSaysWhatToDo(ClusterEventCode code) {
    assertThat(code.remedy()).endsWith(".").doesNotContain("|");
    assertThat(code.sentence()).isNotBlank().doesNotEndWith(".").doesNotContain("|");
    assertThat(ClusterEventCode.named(code.name())).contains(code);
  }
}
