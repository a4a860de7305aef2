package dev.naru.cli.doctor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.stream.Stream;

/** All checks over what was gathered. Asks nobody, changes nothing. */
public final class Doctor {

  private Doctor() {}

  /** What every check says: the worst first, one or more findings for each. */
  public static List<Finding> examine(ClusterFacts facts) {
    var findings = new ArrayList<Finding>();
    for (var check : Check.values()) {
      findings.addAll(examine(check, facts));
    }
    findings.sort(Comparator.comparing(Finding::severity).reversed());
    return List.copyOf(findings);
  }

  /**
   * In one line: how many findings there are to act on, which is what a table of them shows, and
   * what became of the checks.
   */
  public static String summary(List<Finding> findings) {
    var worst = new EnumMap<Check, Severity>(Check.class);
    findings.forEach(finding ->
        worst.merge(
            finding.check(),
            finding.severity(),
            (one, other) -> one.compareTo(other) > 0 ? one : other));
    long faulty = worst.values().stream().filter(Severity::isFault).count();
    var faults =
        faulty == 0
            ? "no errors or warnings from %d checks".formatted(worst.size())
            : "%s and %s from %d of %d checks"
                .formatted(
                    counted(findings, Severity.ERROR, "error"),
                    counted(findings, Severity.WARN, "warning"),
                    faulty,
                    worst.size());
    return "%s; %d found nothing, %d could not look"
        .formatted(
            faults,
            times(worst.values(), Severity.OK),
            times(worst.values(), Severity.NOT_CHECKED));
  }

  private static String counted(List<Finding> findings, Severity severity, String word) {
    long count = times(findings.stream().map(Finding::severity).toList(), severity);
    return count + " " + word + (count == 1 ? "" : "s");
  }

  private static long times(Collection<Severity> all, Severity severity) {
    return all.stream().filter(severity::equals).count();
  }

  private static List<Finding> examine(Check check, ClusterFacts facts) {
    return switch (check) {
      case QUORUM_LOST -> MembersChecks.quorum(facts);
      case SINGLE_VOTER -> MembersChecks.voters(facts);
      case FEWER_THAN_3_NODES -> MembersChecks.count(facts);
      case NODE_NOT_SERVING -> MembersChecks.serving(facts);
      case METRICS_NOT_REACHED -> MembersChecks.metrics(facts);
      case UPGRADE_NOT_READY -> SettingsChecks.releases(facts);
      case ONE_BOOTSTRAP_SERVER -> MembersChecks.bootstrap(facts);
      case RACK_CONCENTRATION -> TopicChecks.racks(facts);
      case PARTITION_OFFLINE -> TopicChecks.offline(facts);
      case UNDER_REPLICATED -> TopicChecks.underReplicated(facts);
      case RF_BELOW_3 -> TopicChecks.copies(facts);
      case MIN_ISR_EQUALS_RF -> TopicChecks.minIsr(facts);
      case FILE_LIMIT -> HostChecks.files(facts);
      case DISK_FILLING -> HostChecks.disks(facts);
      case STORAGE_FAILED -> HostChecks.failedDisks(facts);
      case PAGE_CACHE_SHORT -> HostChecks.pageCache(facts);
      case CLOCK_SKEW -> HostChecks.clocks(facts);
      case PARTITION_SKEW -> LoadChecks.skew(facts);
      case GROUP_LAG -> LoadChecks.lag(facts);
      case DEFAULTS_DIFFER -> SettingsChecks.defaults(facts);
      case CERTIFICATE_EXPIRES ->
          List.of(
              Finding.notChecked(
                  check, "nodes use no certificates yet: nothing that they send is encrypted"));
    };
  }

  /** These faults, or that there is none. */
  static List<Finding> orOk(Check check, Stream<Finding> faults, String ok) {
    var found = faults.toList();
    return found.isEmpty() ? List.of(Finding.ok(check, ok)) : found;
  }

  /** These faults, or that there is none; if nothing was there to look at, that. */
  static List<Finding> orOk(
      Check check, Stream<?> looked, Stream<Finding> faults, String ok, String nothing) {
    return looked.findAny().isEmpty()
        ? List.of(Finding.notChecked(check, nothing))
        : orOk(check, faults, ok);
  }
}
