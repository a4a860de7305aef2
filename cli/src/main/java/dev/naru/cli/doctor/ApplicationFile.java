package dev.naru.cli.doctor;

import dev.naru.cli.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/** The settings of an application, as far as the doctor looks at them. */
public final class ApplicationFile {

  private static final String BOOTSTRAP_SERVERS = "bootstrap.servers";

  private ApplicationFile() {}

  /**
   * The nodes that the application asks first.
   *
   * @throws CommandFailure if the file cannot be read or does not say
   */
  public static String bootstrapServers(Path file) {
    var settings = new Properties();
    try (var reader = Files.newBufferedReader(file)) {
      settings.load(reader);
    } catch (IOException | IllegalArgumentException e) { // the second: an escape that is none
      throw CommandFailure.usage(
          "Expected %s to be a file of properties, but: %s (--config)".formatted(file, e));
    }
    return Optional.ofNullable(settings.getProperty(BOOTSTRAP_SERVERS))
        .map(String::strip)
        .filter(servers -> !servers.isEmpty())
        .orElseThrow(() ->
            CommandFailure.usage(
                "Expected %s to say %s, but it does not (--config)"
                    .formatted(file, BOOTSTRAP_SERVERS)));
  }
}
