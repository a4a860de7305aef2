package dev.naru.cli.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.cli.CommandFailure;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlagValuesTest {

  @ParameterizedTest
  @CsvSource({
    "500ms,500",
    "1.5s,1500",
    "30s,30000",
    "5m,300000",
    "2h,7200000",
    "1d,86400000",
    "PT5M,300000"
  })
  void readsDurations(String text, long millis) {
    assertThat(Durations.parse(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "5x", "-5s", "1.5ms", "five", "PT-5M", "999999999999999999d"})
  void refusesDurationsThatNobodyCanMean(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("Expected a duration")
        .hasMessageEndingWith(text);
  }

  @ParameterizedTest
  @CsvSource({"100,100", "100B,100", "64KiB,65536", "1MB,1000000", "1.5kB,1500", "2GiB,2147483648"})
  void readsSizes(String text, long bytes) {
    assertThat(Size.parse(text)).isEqualTo(new Size(bytes));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1K", "1kb", "0.5", "x", "999999999999999999TiB"})
  void refusesSizesThatNobodyCanMean(String text) {
    assertThatThrownBy(() -> Size.parse(text)).isInstanceOf(CommandFailure.class);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0 B",
    "1023,1023 B",
    "1024,1.0 KiB",
    "1610612736,1.5 GiB",
    "9223372036854775807,8.0 EiB"
  })
  void writesSizesForPeople(long bytes, String text) {
    assertThat(new Size(bytes).inWords()).isEqualTo(text);
  }

  @Test
  void readsEscapes() {
    assertThat(Escapes.bytes("a\\n\\t\\r\\0\\\\\\x1F\\xff가"))
        .containsExactly('a', '\n', '\t', '\r', 0, '\\', 0x1f, 0xff, 0xea, 0xb0, 0x80);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\", "\\q", "\\x", "\\x1", "\\xg1"})
  void refusesEscapesThatDoNotExist(String text) {
    assertThatThrownBy(() -> Escapes.bytes(text)).isInstanceOf(CommandFailure.class);
  }

  @Test
  void readsTopicsAndPartitions() {
    assertThat(TopicArgument.parse("orders"))
        .isEqualTo(new TopicArgument("orders", OptionalInt.empty()));
    assertThat(TopicArgument.parse("orders/3"))
        .isEqualTo(new TopicArgument("orders", OptionalInt.of(3)));
    assertThatThrownBy(() -> TopicArgument.parse("orders/x")).isInstanceOf(CommandFailure.class);
  }

  @Test
  void suggestsTheWordThatTakesTheFewestEdits() {
    var known = List.of("topics", "nodes", "produce");

    assertThat(Nearest.to("topcis", known)).contains("topics");
    assertThat(Nearest.to("prodcue", known)).contains("produce");
    assertThat(Nearest.to("x", known)).isEmpty();
  }

  @Test
  void makesControlCharactersVisible() {
    assertThat(Printable.of("a\u001b[31m\nb\u202e")).isEqualTo("a\\x1b[31m\\nb\\u202e");
  }
}
