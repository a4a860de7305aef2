package dev.naru.cli.perf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PayloadsTest {

  @Test
  void makesTheSameValuesEachTime() {
    var some = Payloads.of(load(100, Optional.empty()));
    var others = Payloads.of(load(100, Optional.empty()));

    assertThat(some.value(7)).hasSize(100).isEqualTo(others.value(7)).isNotEqualTo(some.value(8));
    assertThat(some.meanBytes()).isEqualTo(100);
  }

  @Test
  void takesTheLinesOfAFileInTurn(@TempDir Path folder) throws IOException {
    var file = Files.writeString(folder.resolve("values"), "a\nbcé\n\n");

    var payloads = Payloads.of(load(100, Optional.of(file)));

    assertThat(payloads.value(0)).isEqualTo("a".getBytes(UTF_8));
    assertThat(payloads.value(4)).isEqualTo("bcé".getBytes(UTF_8));
    assertThat(payloads.value(5)).isEmpty();
    assertThat(payloads.meanBytes()).isEqualTo(5 / 3.0);
  }

  private static Load load(int bytes, Optional<Path> values) {
    return new Load(
        "t", Duration.ZERO, OptionalLong.of(1), Optional.empty(), bytes, values, 0, 1, 0);
  }
}
