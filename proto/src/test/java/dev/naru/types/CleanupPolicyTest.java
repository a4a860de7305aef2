package dev.naru.types;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CleanupPolicyTest {

  @ParameterizedTest
  @ValueSource(strings = {"compact,delete", "delete,compact", "delete, compact"})
  void readsBothWordsInAnyOrder(String text) {
    assertThat(CleanupPolicy.parse(text)).contains(CleanupPolicy.COMPACT_AND_DELETE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",", "shred", "Delete", "delete,", "delete,delete", "a,b,c,d"})
  void readsNothingElse(String text) {
    assertThat(CleanupPolicy.parse(text)).isEmpty();
  }

  @Test
  void readsWhatItWrites() {
    for (var policy : CleanupPolicy.values()) {
      assertThat(CleanupPolicy.parse(policy.text())).contains(policy);
    }
  }
}
