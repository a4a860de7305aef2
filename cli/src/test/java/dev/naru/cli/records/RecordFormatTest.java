package dev.naru.cli.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.cli.CommandFailure;
import dev.naru.client.ConsumerRecord;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordFormatTest {

  @ParameterizedTest
  @CsvSource({
    "%k=%v, k=value",
    "%t/%p@%o, orders/3@0",
    "%K %V, 1 5",
    "%s, 1793491200123",
    "%T, 2026-11-01T00:00:00.123Z",
    "%h, 'a=1,b='",
    "100%%, 100%",
    "a\\x41\\t%v, aA\tvalue",
    "plain, plain",
  })
  void fillsThePlaceholders(String format, String expected) {
    assertThat(print(format, Optional.empty(), Records.read("k", "value"))).isEqualTo(expected);
  }

  @Test
  void printsNothingOrTheGivenTextForNull() {
    var tombstone = Records.read(null, null);

    assertThat(print("[%k %v %K]", Optional.empty(), tombstone)).isEqualTo("[  -1]");
    assertThat(print("[%k %v]", Optional.of("NULL"), tombstone)).isEqualTo("[NULL NULL]");
  }

  @Test
  void writesBytesAsTheyAre() {
    byte[] value = {(byte) 0xff, 0, '\n'};
    var out = new ByteArrayOutputStream();

    RecordFormat.compile("%v", Optional.empty())
        .append(Records.read(0, null, value, List.of()), out);

    assertThat(out.toByteArray()).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"%x", "%", "100%", "%v %", "\\q"})
  void refusesWhatDoesNotExist(String format) {
    assertThatThrownBy(() -> RecordFormat.compile(format, Optional.empty()))
        .isInstanceOf(CommandFailure.class)
        .hasMessageStartingWith("Expected one of ");
  }

  @Test
  void printsJsonWithNullAndBase64() {
    var out = new ByteArrayOutputStream();

    RecordFormat.jsonl()
        .append(
            Records.read(128, null, new byte[] {(byte) 0xff}, List.of(Records.header("h", "x"))),
            out);

    assertThat(out.toString(UTF_8))
        .isEqualTo(
            """
            {"topic":"orders","partition":3,"offset":128,"timestamp":1793491200123,\
            "timestampType":"CREATE_TIME","leaderEpoch":7,"key":null,"valueBase64":"/w==",\
            "headers":[{"name":"h","value":"x"}]}
            """);
  }

  private static String print(
      String format, Optional<String> nullText, ConsumerRecord<byte[], byte[]> read) {
    var out = new ByteArrayOutputStream();
    RecordFormat.compile(format, nullText).append(read, out);
    return out.toString(UTF_8);
  }
}
