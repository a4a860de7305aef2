package dev.naru.types;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GivenNameTest {

  @Test
  void countsBytesAndNotCharacters() {
    assertThat(GivenName.isValid("a".repeat(249))).isTrue();
    assertThat(GivenName.isValid("a".repeat(250))).isFalse();
    assertThat(GivenName.isValid("\u20ac".repeat(83))).isTrue();
    assertThat(GivenName.isValid("\u20ac".repeat(84))).isFalse();
    assertThat(GivenName.isValid("\ud83d\ude00".repeat(62) + "a")).isTrue();
    assertThat(GivenName.isValid("\ud83d\ude00".repeat(62) + "ab")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\nb", "a\0", "\u0085"})
  void refusesWhatNobodyCanRead(String text) {
    assertThat(GivenName.isValid(text)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", " ", "payments / eu", "\ud55c\uad6d"})
  void takesTheRest(String text) {
    assertThat(GivenName.isValid(text)).isTrue();
  }
}
