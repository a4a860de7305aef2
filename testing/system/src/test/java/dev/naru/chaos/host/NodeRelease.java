package dev.naru.chaos.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Which release the nodes of a host are started of. */
public sealed interface NodeRelease {

  /** The start of a node's command; it becomes the node's JVM, under the same process id. */
  List<String> command();

  /** Variables that the node sees beside those of the test. */
  Map<String, String> environment();

  /** The code that this test is built with. */
  record ThisCode() implements NodeRelease {

    @Override
    public List<String> command() {
      return NodeLauncher.command();
    }

    @Override
    public Map<String, String> environment() {
      return Map.of();
    }
  }

  /**
   * The next release: the same code, of which the build says that it knows newer rules. It says so
   * in a file beside the classes of a node, and in this directory is another such file, which a
   * node finds first.
   */
  record NextOfThisCode(Path directory) implements NodeRelease {

    /** Writes the file into this directory. */
    public static NextOfThisCode in(Path directory, String version, int metadataVersion)
        throws IOException {
      var beside = directory.resolve("dev/naru/broker/node");
      Files.createDirectories(beside);
      Files.writeString(
          beside.resolve("release.properties"),
          "version=%s%nmetadata.version=%d%n".formatted(version, metadataVersion));
      return new NextOfThisCode(directory.toAbsolutePath());
    }

    @Override
    public List<String> command() {
      return NodeLauncher.command();
    }

    /** By the JVM's own variable, so that it reaches a node whatever starts it. */
    @Override
    public Map<String, String> environment() {
      return Map.of("JDK_JAVA_OPTIONS", "-Xbootclasspath/a:" + directory);
    }
  }

  /**
   * Another release as users have it: an unpacked package, or sources that are built, in which its
   * script {@code naru} stands.
   */
  record Distribution(Path home) implements NodeRelease {

    /**
     * The one in this directory.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Distribution at(Path home) {
      var script = home.resolve("naru");
      boolean hasJars =
          Files.isDirectory(home.resolve("lib"))
              || Files.isDirectory(home.resolve("deploy/target/lib"));
      if (!Files.isExecutable(script) || !hasJars) {
        throw new IllegalArgumentException(
            "Expected a release in %s, with a script naru and jars in lib or deploy/target/lib, but there is none"
                .formatted(home));
      }
      return new Distribution(home.toAbsolutePath().normalize());
    }

    @Override
    public List<String> command() {
      return List.of(home.resolve("naru").toString(), "node", "start");
    }

    /** The script must neither build while nodes start nor take another JVM. */
    @Override
    public Map<String, String> environment() {
      return Map.of("NARU_BUILD", "never", "NARU_JAVA_HOME", System.getProperty("java.home"));
    }
  }
}
