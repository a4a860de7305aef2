package dev.naru.broker.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DirectoryWordsTest {

  private static final UUID ONE = UUID.fromString("0a1b2c3d-4e5f-4000-8000-000000000001");
  private static final UUID ALIKE = UUID.fromString("0a1b2c3d-4e6f-4000-8000-000000000001");
  private static final UUID OTHER = UUID.fromString("ffffffff-4e5f-4000-8000-000000000001");

  @Test
  void takesAsManyDigitsAsTellDirectoriesApart() {
    assertThat(DirectoryWords.of(List.of(ONE, OTHER))).containsExactly("0a1b2c3d", "ffffffff");
    assertThat(DirectoryWords.of(List.of(ONE, ALIKE, OTHER)))
        .containsExactly("0a1b2c3d4e5", "0a1b2c3d4e6", "ffffffff4e5");
  }
}
