package dev.naru.chaos.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What starts a node: the script that users have, if {@code -Dnode.launcher} names it, with its
 * flags and its cache of classes; else production's main class on the class path of this test, with
 * a {@linkplain NodeCache cache} as well.
 */
public final class NodeLauncher {

  private static final String MAIN = "dev.naru.broker.node.NodeMain";
  private static final String SCRIPT = System.getProperty("node.launcher", "");

  /**
   * Which compilers nodes of the class path use. A build's own tests leave the optimizing one out,
   * as their nodes live for seconds; all long runs have both.
   */
  private static final String COMPILERS =
      System.getProperty("node.compilers", "-XX:+TieredCompilation");

  private NodeLauncher() {}

  /** The properties by which a JVM of the tests starts nodes as this one does. */
  public static List<String> properties() {
    return List.of("-Dnode.launcher=" + SCRIPT, "-Dnode.compilers=" + COMPILERS);
  }

  /** The start of a node's command; it becomes the node's JVM, under the same process id. */
  static List<String> command() {
    return SCRIPT.isEmpty() ? OnClassPath.COMMAND : List.of(SCRIPT, "node", "start");
  }

  /** Made when the first node is started, because a cache is made with it. */
  private static final class OnClassPath {

    private static final List<String> COMMAND = make();

    private static List<String> make() {
      var jvm =
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-Xmx256m",
              "-XX:+UseSerialGC",
              COMPILERS,
              "--enable-native-access=ALL-UNNAMED",
              "--sun-misc-unsafe-memory-access=allow");
      var classes = ClassPath.ofNodes();
      var command = new ArrayList<>(jvm);
      try {
        NodeCache.of(jvm, classes, MAIN).ifPresent(cache -> command.add("-XX:AOTCache=" + cache));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      command.addAll(List.of("-cp", classes.text(), MAIN));
      return List.copyOf(command);
    }
  }

  /** The script must neither build while nodes start nor take another JVM. */
  static Map<String, String> environment() {
    return SCRIPT.isEmpty()
        ? Map.of()
        : Map.of("NARU_BUILD", "never", "NARU_JAVA_HOME", System.getProperty("java.home"));
  }
}
