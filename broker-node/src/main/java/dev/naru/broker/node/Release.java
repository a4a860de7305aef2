package dev.naru.broker.node;

import dev.naru.metadata.image.ClusterImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * The release that a node runs, as the build describes it in a file beside this class. It is read
 * at run time, so that a build of the same code that knows another metadata version is this code
 * with another file: two releases can be run in one cluster.
 *
 * @param version for people
 * @param metadataVersion the newest rules that it knows
 */
public record Release(String version, int metadataVersion) {

  /** Refuses a metadata version that is none. */
  public Release {
    if (metadataVersion < 1) {
      throw new IllegalArgumentException(
          "Expected a metadata version of at least 1, but was " + metadataVersion);
    }
  }

  /** This one. */
  public static Release ofThisBuild() {
    try (var file = Release.class.getResourceAsStream("release.properties")) {
      var properties = new Properties();
      properties.load(file);
      return of(properties);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Knows the rules of the code, unless {@code metadata.version} says otherwise. */
  static Release of(Properties properties) {
    var stated = properties.getProperty("metadata.version");
    try {
      return new Release(
          properties.getProperty("version", "unknown"),
          stated == null ? ClusterImage.METADATA_VERSION_LATEST : Integer.parseInt(stated));
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(
          "Expected metadata.version of release.properties to be a number of at least 1, but was "
              + stated,
          e);
    }
  }
}
