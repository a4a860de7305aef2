package dev.naru.cli.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.testing.Seeds;
import java.math.BigDecimal;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  private static final String CHARACTERS = "ab\"\\\n\r\t\b\u0000\u007f가나\ud83d\ude00/";

  @Test
  void readsWhatItWrites() {
    Seeds.forEach(
        200,
        (seed, random) -> {
          var value = anyValue(random, 4);

          assertThat(JsonReader.read(JsonWriter.compact(value))).isEqualTo(value);
          assertThat(JsonReader.read(JsonWriter.pretty(value))).isEqualTo(value);
          assertThat(JsonWriter.compact(value)).doesNotContain("\n");
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[1,]",
        "{\"a\":}",
        "{\"a\" 1}",
        "{a:1}",
        "01",
        "1.",
        "+1",
        "nul",
        "\"a",
        "\"\\q\"",
        "\"\\u12g4\"",
        "\"\n\"",
        "1 2",
        "{\"a\":1,\"a\":2}",
        "1e9999"
      })
  void refusesWhatIsNotJson(String text) {
    assertThatThrownBy(() -> JsonReader.read(text))
        .isInstanceOf(MalformedJsonException.class)
        .hasMessageStartingWith("Expected ");
  }

  @Test
  void refusesAnAttackOnTheStack() {
    assertThatThrownBy(() -> JsonReader.read("[".repeat(100_000)))
        .isInstanceOf(MalformedJsonException.class);
  }

  @Test
  void indentsObjectsAndKeepsShortArraysOnOneLine() {
    var value = Json.object().with("isr", Json.numbers(List.of(1, 2))).with("a", "b").build();

    assertThat(JsonWriter.pretty(value)).isEqualTo("{\n  \"isr\": [1, 2],\n  \"a\": \"b\"\n}");
  }

  @Test
  void writesTheSameTreeAsYaml() {
    var value =
        Json.object()
            .with("name", "topics/orders")
            .with("leader", Json.none())
            .with("isr", Json.numbers(List.of(1, 2)))
            .with("index", Json.int64(7))
            .with("elr", Json.numbers(List.of()))
            .with("configs", Json.numbers(List.of()))
            .build();

    assertThat(YamlWriter.document(value))
        .isEqualTo(
            "name: topics/orders\nleader: null\nisr:\n- 1\n- 2\nindex: '7'\nelr: []\nconfigs: []\n");
  }

  private static Json anyValue(RandomGenerator random, int depth) {
    return switch (random.nextInt(depth == 0 ? 4 : 6)) {
      case 0 -> Json.text(anyText(random));
      case 1 -> new Json.Num(new BigDecimal(random.nextLong()).movePointLeft(random.nextInt(4)));
      case 2 -> Json.bool(random.nextBoolean());
      case 3 -> Json.none();
      case 4 ->
          Json.array(
              IntStream.range(0, random.nextInt(4)).mapToObj(i -> anyValue(random, depth - 1)));
      default -> {
        var fields = Json.object();
        IntStream.range(0, random.nextInt(4))
            .forEach(i -> fields.with(i + anyText(random), anyValue(random, depth - 1)));
        yield fields.build();
      }
    };
  }

  private static String anyText(RandomGenerator random) {
    var text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
    }
    return text.toString();
  }
}
