package dev.naru.cli.command;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.output.ConfigDifference;
import dev.naru.cli.output.ConfigText;
import dev.naru.cli.output.Listing;
import dev.naru.cli.text.NameValue;
import dev.naru.cli.text.SubjectArgument;
import dev.naru.client.admin.ConfigChange;
import dev.naru.client.admin.ConfigDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code naru config set}. */
@Command(
    name = "set",
    description = "Changes settings while nodes run, all of them or none.",
    footer = {
      "",
      "Examples: naru config set topics/orders retention.ms=7d",
      "          naru config set nodes/1 --unset disk.used.ratio.max"
    })
public final class ConfigSetCommand implements Callable<Integer> {

  @Parameters(
      index = "0",
      paramLabel = "SUBJECT",
      description = "cluster, nodes/ID or topics/NAME.")
  private String subject = "";

  @Parameters(index = "1..*", arity = "0..*", paramLabel = "KEY=VALUE", description = "New values.")
  private List<String> values = new ArrayList<>();

  @Option(
      names = "--unset",
      paramLabel = "KEY",
      description = "What lies below holds again; may be repeated.")
  private List<String> unset = new ArrayList<>();

  @Option(names = "--dry-run", description = "Only check, and print what would change.")
  private boolean isDryRun;

  private final Invocation invocation;

  /** Belongs to this call. */
  public ConfigSetCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    var change = change();
    try (var naru = invocation.open()) {
      var configs = naru.admin().configs();
      var before = invocation.await(configs.describe(change.subject()));
      var after =
          invocation.await(isDryRun ? configs.validateAlter(change) : configs.alter(change));
      report(change, before, after);
      return ExitStatus.DONE;
    }
  }

  private ConfigChange change() {
    var change = ConfigChange.of(SubjectArgument.parse(subject));
    if (values.isEmpty() && unset.isEmpty()) {
      throw CommandFailure.usage("Expected KEY=VALUE or --unset, but neither was given");
    }
    for (var text : values) {
      var value = NameValue.parse(text);
      if (change.set().containsKey(value.name())) {
        throw CommandFailure.usage("Expected one value of " + value.name() + ", but were two");
      }
      change = change.set(value.name(), value.value());
    }
    for (var key : unset) {
      if (change.set().containsKey(key)) {
        throw CommandFailure.usage("Expected " + key + " to be set or unset, but was both");
      }
      change = change.unset(key);
    }
    return change;
  }

  private void report(ConfigChange change, ConfigDescription before, ConfigDescription after) {
    var asked = new TreeSet<>(change.set().keySet());
    asked.addAll(change.unset());
    var difference = new ConfigDifference(asked, before, after);
    after.warnings().forEach(each -> invocation.notes().warn(each.code(), each.message()));
    invocation
        .notes()
        .note(
            difference.isNone()
                ? "nothing changes in " + change.subject().name()
                : (isDryRun ? "would change " : "changed ") + change.subject().name());
    invocation.print(
        Listing.single(
            after, ConfigText::json, ConfigText::resource, config -> difference.table()));
  }
}
