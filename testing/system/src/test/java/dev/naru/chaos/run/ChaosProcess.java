package dev.naru.chaos.run;

import dev.naru.chaos.fault.FaultKind;
import dev.naru.chaos.host.Leftovers;
import dev.naru.chaos.host.NamespaceNetwork;
import dev.naru.chaos.host.NodeLauncher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Makes the network, starts the run in it, waits, and clears everything away, whatever becomes of
 * the run.
 *
 * @param needsRoot whether there are namespaces and disks; if not, proxies and directories
 */
record ChaosProcess(
    Path directory,
    Path report,
    long seed,
    Duration time,
    List<FaultKind> kinds,
    Duration liveness,
    boolean needsRoot) {

  private static final int NODES = 3;

  /** For starting, healing, reading everything and checking. */
  private static final Duration AROUND = Duration.ofMinutes(10);

  /** Whether it came to an end, and what it has written down. */
  record Ended(int status, String report, String skipped) {}

  Ended run() throws IOException, InterruptedException {
    Leftovers.sweepAfterTheDead();
    Files.createDirectories(report.toAbsolutePath().getParent());
    Files.deleteIfExists(report);
    if (!needsRoot) {
      return run(Optional.empty());
    }
    try (var network = NamespaceNetwork.create(NODES)) {
      return run(Optional.of(network));
    }
  }

  private Ended run(Optional<NamespaceNetwork> network) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command(network)).redirectErrorStream(true).start();
    Leftovers.note(process);
    var printer =
        Thread.ofVirtual().start(() -> process.inputReader().lines().forEach(System.out::println));
    if (!process.waitFor(time.plus(AROUND).toSeconds(), TimeUnit.SECONDS)) {
      process.destroy(); // its hook clears away what it has made
      if (!process.waitFor(1, TimeUnit.MINUTES)) {
        process.destroyForcibly();
      }
    }
    printer.join();
    Leftovers.sweepAfterTheDead();
    var skipped = report.resolveSibling(report.getFileName() + ".skipped");
    return new Ended(
        process.waitFor(),
        Files.exists(report) ? Files.readString(report) : "no report",
        Files.exists(skipped) ? Files.readString(skipped) : "");
  }

  private List<String> command(Optional<NamespaceNetwork> network) {
    var command = new ArrayList<>(network.map(NamespaceNetwork::command).orElse(List.of()));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(NodeLauncher.properties());
    command.addAll(
        List.of(
            "-Xmx768m",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            ChaosMain.class.getName(),
            directory.toString(),
            report.toString(),
            Long.toString(seed),
            Long.toString(time.toSeconds()),
            kinds.stream().map(FaultKind::text).collect(Collectors.joining(",")),
            Long.toString(liveness.toMillis()),
            network.map(NamespaceNetwork::run).orElse("-")));
    return command;
  }
}
