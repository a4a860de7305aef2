package dev.naru.broker.node;

import dev.naru.broker.config.ConfigLayers;
import dev.naru.broker.config.InvalidConfigException;
import dev.naru.broker.config.NodeConfig;
import dev.naru.broker.config.WrittenValue;
import dev.naru.broker.events.EventCode;
import dev.naru.broker.runtime.Clocks;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The process of a node: {@code --config FILE [--set key=value]... [--format-if-empty]}.
 *
 * <p>Prints one line on stdout when it serves, everything else on stderr. Exit status: 0 after
 * SIGTERM, 2 for a wrong call or configuration, 4 when a precondition does not hold (directories of
 * someone else, locked or not formatted, a port in use), 6 when the cluster will not have it and no
 * restart changes that (it was decommissioned, or its release is too old), 1 for a fault.
 */
public final class NodeMain {

  private static final String FORMAT_IF_EMPTY = "--format-if-empty";

  /**
   * Whatever takes longer to stop than this is stopped by the end of the process: a crash, and
   * safe.
   */
  private static final Duration STOP_MAX = Duration.ofSeconds(60);

  private NodeMain() {}

  /** Runs until it is told to stop. */
  public static void main(String[] args) {
    exit(run(args));
  }

  private static int run(String[] args) {
    ConfigLayers.Loaded loaded;
    boolean formatIfEmpty;
    try {
      var arguments = MainArguments.parse(args, List.of(FORMAT_IF_EMPTY));
      formatIfEmpty = arguments.switches().contains(FORMAT_IF_EMPTY);
      loaded = arguments.load(System.getenv());
    } catch (MainArguments.UsageException e) {
      System.err.println("error: " + ErrorCode.INVALID_REQUEST + ": " + e.getMessage());
      return NodeExit.USAGE;
    } catch (InvalidConfigException e) {
      e.problems()
          .forEach(
              problem -> System.err.println("error: " + ErrorCode.INVALID_CONFIG + ": " + problem));
      return NodeExit.USAGE;
    }
    setUpLogging(loaded.config());
    return new Running(loaded).run(formatIfEmpty);
  }

  /** Must come before the first logger is asked for, so nothing above this logs. */
  private static void setUpLogging(NodeConfig config) {
    boolean isTerminal =
        Optional.ofNullable(System.console()).filter(java.io.Console::isTerminal).isPresent();
    setUnlessSet("log4j2.configurationFile", "classpath:naru-node-log4j2.xml");
    setUnlessSet("java.util.logging.manager", "org.apache.logging.log4j.jul.LogManager");
    setUnlessSet("naru.log.layout", isTerminal ? "text" : "json");
    setUnlessSet("naru.node.id", config.nodeId().toString());
    // The JDK's HTTP server has no such limits unless it is told.
    setUnlessSet("sun.net.httpserver.maxReqTime", "10");
    setUnlessSet("sun.net.httpserver.maxRspTime", "30");
    setUnlessSet("jdk.httpserver.maxConnections", "128");
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private static void exit(int status) {
    LogManager.shutdown();
    System.out.flush();
    System.err.flush();
    Runtime.getRuntime().halt(status); // every step of the end is done; hooks would only repeat it
  }

  /** One node and the signals of its process. Its logger exists only after logging is set up. */
  private static final class Running {

    private static final Logger LOG = LogManager.getLogger(NodeMain.class);

    private final NodeConfig config;
    private final SortedMap<String, List<WrittenValue>> sources;
    private final List<String> warnings;
    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicReference<Optional<Node>> node = new AtomicReference<>(Optional.empty());

    Running(ConfigLayers.Loaded loaded) {
      this.config = loaded.config();
      this.sources = loaded.sources();
      this.warnings = loaded.warnings();
    }

    int run(boolean formatIfEmpty) {
      warnings.forEach(warning -> LOG.warn(EventCode.CONFIG_WARNING.marker(), "{}", warning));
      Runtime.getRuntime().addShutdownHook(new Thread(this::onSignal, "signal"));
      try {
        if (formatIfEmpty) {
          Node.format(config);
        }
        var started = Node.start(config, sources, Clocks.SYSTEM, this::fatal);
        node.set(Optional.of(started));
        System.out.println(readyLine(started));
        System.out.flush();
        end.await();
        return NodeExit.OK;
      } catch (StartException e) {
        System.err.println("error: " + e.code() + ": " + e.getMessage());
        if (e.code() == ErrorCode.INTERNAL) {
          LOG.error(EventCode.NODE_FAILED.marker(), "The node could not be started", e);
        }
        return NodeExit.of(e.code());
      } catch (InterruptedException e) {
        return NodeExit.FAULT;
      } catch (RuntimeException | Error e) {
        // Left to itself it would end this thread alone, and leave a process that never serves.
        System.err.println("error: " + ErrorCode.INTERNAL + ": " + e);
        LOG.error(EventCode.NODE_FAILED.marker(), "The node could not be started", e);
        return NodeExit.FAULT;
      }
    }

    private static String readyLine(Node node) {
      var endpoints = node.endpoints();
      return "ready node=%s client=%s internal=%s raft=%s http=%s"
          .formatted(
              node.id(),
              endpoints.client(),
              endpoints.internal(),
              endpoints.raft(),
              endpoints.http());
    }

    /** The process was told to end. A node that is still starting has nothing to hand over. */
    private void onSignal() {
      var watchdog =
          new Thread(
              () -> {
                try {
                  Thread.sleep(STOP_MAX);
                } catch (InterruptedException e) {
                  return;
                }
                LOG.error(
                    EventCode.STARTUP_STEP.marker(),
                    "The node did not stop within {} s, so it ends as it is",
                    STOP_MAX.toSeconds());
                exit(NodeExit.FAULT);
              },
              "watchdog");
      watchdog.setDaemon(true);
      watchdog.start();
      node.get().ifPresent(Node::close);
      LOG.info("Stopped");
      exit(NodeExit.OK);
    }

    /**
     * After such a fault nothing that this process says can be relied upon, so it says nothing
     * more.
     */
    private void fatal(String reason, Throwable cause) {
      LOG.fatal(EventCode.NODE_FAILED.marker(), "The node ends: {}", reason, cause);
      System.err.println("error: " + reason);
      exit(NodeExit.ofFault(cause));
    }
  }
}
