package dev.naru.broker.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The release, as the build wrote it into a file beside this class. */
final class Release {

  private Release() {}

  static String version() {
    try (var file = Release.class.getResourceAsStream("release.properties")) {
      var properties = new Properties();
      properties.load(file);
      return properties.getProperty("version", "unknown");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
