package dev.naru.cli;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;

/** An example or two of each command, for its help; read only when somebody asks for help. */
final class Examples {

  private static final String FILE = "examples.properties";

  private Examples() {}

  /** Of the command that these words name, such as "topics create"; empty if there is none. */
  static List<String> of(String command) {
    var examples = new Properties();
    try (var file = Examples.class.getResourceAsStream(FILE)) {
      if (file == null) {
        throw new IllegalStateException("Expected " + FILE + " beside the classes, but it is not");
      }
      examples.load(new InputStreamReader(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return examples.getProperty(command.replace(' ', '.'), "").lines().toList();
  }
}
