package dev.naru.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The release, as the build wrote it into a file beside this class. */
final class Release implements IVersionProvider {

  @Override
  public String[] getVersion() {
    return new String[] {text()};
  }

  static String text() {
    try (var file = Release.class.getResourceAsStream("release.properties")) {
      var properties = new Properties();
      properties.load(file);
      return "naru " + properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
