package dev.naru.metadata.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.testing.Seeds;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigKindTest {

  private static final String DIGITS = "0123456789.eE+-";

  /** What was taken once is checked again with every later change of its subject. */
  @Test
  void takesEachCanonicalValueAsItIs() {
    Seeds.forEach(
        200,
        (seed, random) -> {
          var text = text(random);
          for (var setting : DynamicSetting.values()) {
            setting
                .canonical(text)
                .ifPresent(value ->
                    assertThat(setting.canonical(value))
                        .as("%s=%s", setting.key(), text)
                        .contains(value));
          }
          for (var config : TopicConfig.values()) {
            config
                .canonical(text)
                .ifPresent(value ->
                    assertThat(config.canonical(value))
                        .as("%s=%s", config.key(), text)
                        .contains(value));
          }
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1E-19",
        "1E-999999999",
        "0.0000000000000000001",
        "1E+999999999",
        "-1E-9",
        "100E2147483647",
        "1000E+2147483647",
        "-100E2147483647",
        "100E-2147483647",
        "1E2147483648"
      })
  void refusesAFractionThatItCouldNotWrite(String text) {
    assertThat(TopicConfig.MIN_CLEANABLE_DIRTY_RATIO.canonical(text)).isEmpty();
    assertThat(DynamicSetting.named("disk.used.ratio.max", 1).orElseThrow().canonical(text))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0.000", "0E-2147483647", "0E2147483647"})
  void writesEveryNoughtTheSameWay(String text) {
    assertThat(TopicConfig.MIN_CLEANABLE_DIRTY_RATIO.canonical(text)).contains("0");
  }

  @Test
  void doesNotReadWhatIsFarTooLong() {
    assertThat(TopicConfig.MIN_CLEANABLE_DIRTY_RATIO.canonical("0." + "1".repeat(5_000_000)))
        .isEmpty();
    assertThat(TopicConfig.MIN_CLEANABLE_DIRTY_RATIO.canonical("1E-18"))
        .contains("0.000000000000000001");
  }

  private static String text(RandomGenerator dice) {
    if (dice.nextInt(4) == 0) {
      var words =
          Arrays.asList(
              "os",
              "true",
              "compact, delete",
              "P1DT1S",
              "1d",
              "64k",
              "fast",
              "-1",
              "1E-18",
              "100E2147483647",
              "-100E2147483647",
              "100E-2147483647");
      return words.get(dice.nextInt(words.size()));
    }
    var text = new StringBuilder();
    int length = 1 + dice.nextInt(8);
    for (int i = 0; i < length; i++) {
      text.append(DIGITS.charAt(dice.nextInt(DIGITS.length())));
    }
    return text.toString();
  }
}
