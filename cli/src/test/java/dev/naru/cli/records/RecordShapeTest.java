package dev.naru.cli.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.cli.CommandFailure;
import dev.naru.testing.Seeds;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordShapeTest {

  private static final JsonLine JSON = new JsonLine("orders", OptionalInt.empty(), List.of());

  @Test
  void splitsALineAtTheFirstSeparator() {
    var shape = keyed("::", Optional.empty());

    var split = shape.record(bytes("a::b::c"), 1);

    assertThat(split.key()).isEqualTo(bytes("a"));
    assertThat(split.value()).isEqualTo(bytes("b::c"));
  }

  @Test
  void keepsAnEmptyKeyAndAnEmptyValueApartFromNull() {
    var shape = keyed(":", Optional.of("NULL"));

    var empty = shape.record(bytes(":"), 1);
    var absent = shape.record(bytes("NULL:NULL"), 2);

    assertThat(empty.key()).isEmpty();
    assertThat(empty.value()).isEmpty();
    assertThat(absent.key()).isNull();
    assertThat(absent.value()).isNull();
  }

  @Test
  void namesTheLineWithoutASeparator() {
    var shape = keyed(":", Optional.empty());

    assertThatThrownBy(() -> shape.record(bytes("nothing"), 17))
        .isInstanceOfSatisfying(
            CommandFailure.class, failure -> assertThat(failure.exitStatus()).isEqualTo(2))
        .hasMessageContaining("line 17");
  }

  @Test
  void sendsWhatConsumePrinted() {
    Seeds.forEach(
        200,
        (seed, random) -> {
          var read =
              Records.read(
                  random.nextInt(100),
                  anyBytes(random),
                  anyBytes(random),
                  List.of(Records.header("h", "1"), Records.header("h", "2")));
          var out = new ByteArrayOutputStream();
          RecordFormat.jsonl().append(read, out);

          var sent = JSON.record(out.toByteArray(), 1);

          assertThat(sent.key()).isEqualTo(read.key());
          assertThat(sent.value()).isEqualTo(read.value());
          assertThat(sent.headers()).isEqualTo(read.headers());
          assertThat(sent.partition()).hasValue(read.partition());
          assertThat(sent.timestampMillis()).isEqualTo(OptionalLong.of(read.timestampMillis()));
        });
  }

  @Test
  void readsHeadersAsAnObjectToo() {
    var sent = JSON.record(bytes("{\"value\":\"v\",\"headers\":{\"a\":\"1\"}}"), 1);

    assertThat(sent.headers()).containsExactly(Records.header("a", "1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[1]|Expected a JSON object",
        "{|Expected '\"'",
        "{\"vaule\":\"x\"}|did you mean value?",
        "{\"value\":1}|Expected value to be text",
        "{\"value\":\"a\",\"valueBase64\":\"YQ==\"}|Expected value or valueBase64",
        "{\"keyBase64\":\"!\"}|Expected keyBase64 to be base 64",
        "{\"partition\":1.5}|Expected partition to be a whole number",
        "{\"partition\":-1}|Expected a partition >= 0",
        "{\"partition\":99999999999}|Line 5",
        "{\"headers\":[1]}|Expected a header to be an object",
      })
  void saysWhatIsWrongWithALineOfJson(String line, String message) {
    assertThatThrownBy(() -> JSON.record(bytes(line), 5))
        .isInstanceOf(CommandFailure.class)
        .hasMessageStartingWith("Line 5: ")
        .hasMessageContaining(message);
  }

  private static TextLine keyed(String separator, Optional<String> nullText) {
    return new TextLine(
        "orders",
        Optional.of(bytes(separator)),
        Optional.empty(),
        nullText.map(RecordShapeTest::bytes),
        OptionalInt.empty(),
        List.of());
  }

  private static byte @Nullable [] anyBytes(RandomGenerator random) {
    if (random.nextInt(5) == 0) {
      return null;
    }
    byte[] bytes = new byte[random.nextInt(8)];
    random.nextBytes(bytes);
    return random.nextBoolean() ? bytes : bytes("text" + bytes.length);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
