package dev.naru.metadata.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Why a command is refused is part of the image. So the text must not depend on the language of the
 * machine that a node runs on: a number is written by {@code %s}, because {@code %d} and {@code %f}
 * write it in the digits of that language.
 */
class LocaleTest {

  private static final Pattern BY_LANGUAGE = Pattern.compile("%[-#+0,]*[0-9.]*[dfegtT]");

  @ParameterizedTest
  @ValueSource(strings = {"machine", "image", "command", "event", "chronicle"})
  void writesNoNumberInTheDigitsOfALanguage(String folder) throws IOException {
    try (var files = Files.walk(Path.of("src/main/java/dev/naru/metadata", folder))) {
      assertThat(files.filter(file -> file.toString().endsWith(".java")))
          .isNotEmpty()
          .allSatisfy(file -> assertThat(byLanguage(file)).isEmpty());
    }
  }

  @Test
  void thereIsALanguageWhoseDigitsAreOthers() {
    var egypt = Locale.of("ar", "EG");

    assertThat(String.format(egypt, "%d", 3)).isNotEqualTo("3");
    assertThat(String.format(egypt, "%s %04x", 3, 10)).isEqualTo("3 000a");
  }

  private static Stream<String> byLanguage(Path file) {
    try {
      return Files.readAllLines(file).stream().filter(line -> BY_LANGUAGE.matcher(line).find());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
