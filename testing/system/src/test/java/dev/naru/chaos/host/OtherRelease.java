package dev.naru.chaos.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The next release: the same code, of which the build says that it knows newer rules. It says so in
 * a file beside the classes of a node, and this is another such file, which a node finds first.
 */
public final class OtherRelease {

  /** The JVM's own variable: so it reaches a node whatever starts it. */
  private static final String OPTIONS = "JDK_JAVA_OPTIONS";

  private final Path directory;

  private OtherRelease(Path directory) {
    this.directory = directory;
  }

  /** Describes one in this directory. */
  public static OtherRelease in(Path directory, String version, int metadataVersion)
      throws IOException {
    var beside = directory.resolve("dev/naru/broker/node");
    Files.createDirectories(beside);
    Files.writeString(
        beside.resolve("release.properties"),
        "version=%s%nmetadata.version=%d%n".formatted(version, metadataVersion));
    return new OtherRelease(directory.toAbsolutePath());
  }

  /** What is started on this host from now on is of that release. */
  public void install(NodeHost host) {
    host.setEnvironment(OPTIONS, "-Xbootclasspath/a:" + directory);
  }

  /** What is started on this host from now on is of this release again. */
  public static void takeBack(NodeHost host) {
    host.setEnvironment(OPTIONS, "");
  }
}
