package dev.naru.stories;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VerdictTest {

  @Test
  void saysWhichPartOfTheScenarioWentWell() {
    var whole = new Verdict().expect("lost", 0, 0);
    var part = new Verdict().only("60 of 480 s").expect("lost", 0, 0);

    assertThat(whole.word()).isEqualTo("PASS");
    assertThat(whole.isWhole()).isTrue();
    assertThat(part.word()).isEqualTo("PASS (60 of 480 s)");
    assertThat(part.isWhole()).isFalse();
  }

  @Test
  void failsInPartAsInWhole() {
    var part = new Verdict().only("60 of 480 s").expect("lost", 1, 0);

    assertThat(part.word()).isEqualTo("FAIL");
    assertThat(part.wrong()).containsExactly("Expected lost to be 0, but was 1");
  }
}
