package dev.naru.cli.command;

import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.doctor.ApplicationFile;
import dev.naru.cli.doctor.Check;
import dev.naru.cli.doctor.ClusterFacts;
import dev.naru.cli.doctor.Doctor;
import dev.naru.cli.doctor.Finding;
import dev.naru.cli.doctor.Gathering;
import dev.naru.cli.doctor.SettingsFacts;
import dev.naru.cli.output.Listing;
import dev.naru.cli.output.Table;
import dev.naru.client.admin.Admin;
import dev.naru.client.admin.ConfigDescription;
import dev.naru.client.admin.ConfigSubject;
import dev.naru.client.admin.NodeDescription;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code naru doctor}. */
@Command(
    name = "doctor",
    description =
        "Looks at nodes, topics, hosts and load, and says what hurts or will, and what to do. The"
            + " status is 1 if anything does.")
public final class DoctorCommand implements Callable<Integer> {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "An application's properties, whose bootstrap.servers are asked and counted.")
  private Optional<Path> application = Optional.empty();

  private final Invocation invocation;

  /** Belongs to this call. */
  public DoctorCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    var findings = Doctor.examine(gather());
    invocation.print(
        Listing.list(
            "findings",
            findings,
            Finding::json,
            finding -> finding.check().name(),
            DoctorCommand::table,
            DoctorCommand::wide));
    invocation.notes().note(Doctor.summary(findings) + " (-o wide shows all)");
    return findings.stream().anyMatch(finding -> finding.severity().isFault())
        ? ExitStatus.FAILED
        : ExitStatus.DONE;
  }

  private ClusterFacts gather() {
    var servers =
        application.map(ApplicationFile::bootstrapServers).orElseGet(invocation::bootstrapServers);
    try (var naru = invocation.openAt(servers)) {
      var admin = naru.admin();
      var cluster = invocation.await(admin.describeCluster());
      var topics = invocation.await(admin.listAllTopics());
      var nodes = invocation.await(admin.listNodes());
      var ofCluster = told(admin.configs().describe(ConfigSubject.cluster()));
      var upgrade = told(admin.configs().checkUpgrade());
      return new ClusterFacts(
          cluster,
          new Gathering(System::currentTimeMillis, System::nanoTime).of(nodes),
          topics,
          new SettingsFacts(invocation.await(ofCluster), settings(admin, nodes)),
          invocation.await(upgrade),
          servers.split(",", -1).length);
    }
  }

  /** Of each node that is there: only it knows what it was started with. */
  private Map<Integer, ConfigDescription> settings(Admin admin, List<NodeDescription> nodes) {
    var asked = new TreeMap<Integer, CompletableFuture<Optional<ConfigDescription>>>();
    nodes.stream()
        .filter(node -> node.state() != NodeDescription.State.FENCED)
        .forEach(node ->
            asked.put(node.id(), told(admin.configs().describe(ConfigSubject.node(node.id())))));
    var settings = new TreeMap<Integer, ConfigDescription>();
    asked.forEach(
        (node, told) -> invocation.await(told).ifPresent(config -> settings.put(node, config)));
    return settings;
  }

  /** A node of another release, or one that stops, may not say: the checks that need it say so. */
  private static <T> CompletableFuture<Optional<T>> told(CompletableFuture<T> asked) {
    return asked.thenApply(Optional::of).exceptionally(failure -> Optional.empty());
  }

  /** What hurts, and what to do about each kind of it. */
  private static List<String> table(List<Finding> findings) {
    var faults = findings.stream().filter(finding -> finding.severity().isFault()).toList();
    if (faults.isEmpty()) {
      return List.of("nothing hurts");
    }
    var lines = new ArrayList<>(rows(faults));
    lines.add("");
    var remedies = new Table("CODE", "WHAT TO DO", "READ");
    var checks = EnumSet.noneOf(Check.class);
    faults.forEach(finding -> checks.add(finding.check()));
    checks.forEach(check -> remedies.row(check, check.remedy(), check.page()));
    lines.addAll(remedies.lines());
    return lines;
  }

  private static List<String> wide(List<Finding> findings) {
    return rows(findings);
  }

  private static List<String> rows(List<Finding> findings) {
    var table = new Table("SEVERITY", "CODE", "SUBJECT", "FINDING");
    findings.forEach(finding ->
        table.row(finding.severity(), finding.check(), finding.subject(), finding.message()));
    return table.lines();
  }
}
