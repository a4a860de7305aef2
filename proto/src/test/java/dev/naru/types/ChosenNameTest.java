package dev.naru.types;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChosenNameTest {

  @Test
  void countsBytesAndNotCharacters() {
    assertThat(ChosenName.isValid("a".repeat(249))).isTrue();
    assertThat(ChosenName.isValid("a".repeat(250))).isFalse();
    assertThat(ChosenName.isValid("\u20ac".repeat(83))).isTrue();
    assertThat(ChosenName.isValid("\u20ac".repeat(84))).isFalse();
    assertThat(ChosenName.isValid("\ud83d\ude00".repeat(62) + "a")).isTrue();
    assertThat(ChosenName.isValid("\ud83d\ude00".repeat(62) + "ab")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\nb", "a\0", "\u0085"})
  void refusesWhatNobodyCanRead(String text) {
    assertThat(ChosenName.isValid(text)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", " ", "payments / eu", "\ud55c\uad6d"})
  void takesTheRest(String text) {
    assertThat(ChosenName.isValid(text)).isTrue();
  }
}
