package dev.naru.cli.command;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.output.ApiJson;
import dev.naru.cli.output.Listing;
import dev.naru.cli.output.Table;
import dev.naru.cli.text.NameValue;
import dev.naru.cli.text.TopicArgument;
import dev.naru.client.admin.TopicChange;
import dev.naru.client.admin.TopicDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code naru topics alter}. */
@Command(name = "alter", description = "Changes settings of a topic.")
public final class TopicsAlterCommand implements Callable<Integer> {

  @Parameters(paramLabel = "NAME", description = "The topic.")
  private String name = "";

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A new value; may be repeated.")
  private List<NameValue> set = new ArrayList<>();

  @Option(
      names = "--unset",
      paramLabel = "KEY",
      description = "The cluster's default holds again; may be repeated.")
  private List<String> unset = new ArrayList<>();

  @Option(names = "--dry-run", description = "Only check, and print what would change.")
  private boolean isDryRun;

  private final Invocation invocation;

  /** Belongs to this call. */
  public TopicsAlterCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    var change = change();
    try (var naru = invocation.open()) {
      var admin = naru.admin();
      var before = invocation.await(admin.describeTopic(change.topic()));
      var after =
          invocation.await(isDryRun ? admin.validateAlterTopic(change) : admin.alterTopic(change));
      report(before, after);
      return ExitStatus.DONE;
    }
  }

  private TopicChange change() {
    if (set.isEmpty() && unset.isEmpty()) {
      throw CommandFailure.usage("Expected --set or --unset, but neither was given");
    }
    var change = TopicChange.of(TopicArgument.name(name));
    for (var value : set) {
      if (change.set().containsKey(value.name())) {
        throw CommandFailure.usage("Expected one --set of " + value.name() + ", but were two");
      }
      change = change.set(value.name(), value.value());
    }
    for (var key : unset) {
      change = change.unset(key);
    }
    return change;
  }

  private void report(TopicDescription before, TopicDescription after) {
    var changes = changes(before.configs(), after.configs());
    after.warnings().forEach(each -> invocation.notes().warn(each.code(), each.message()));
    invocation
        .notes()
        .note(
            changes.isEmpty()
                ? "nothing changes in topics/" + after.name()
                : (isDryRun ? "would change" : "changed") + " topics/" + after.name());
    invocation.print(
        Listing.single(after, ApiJson::topic, ApiJson::topicName, topic -> table(changes)));
  }

  /** One setting, as text. */
  private record Change(String key, String before, String after) {}

  private static List<Change> changes(
      SortedMap<String, String> before, SortedMap<String, String> after) {
    var keys = new TreeSet<>(before.keySet());
    keys.addAll(after.keySet());
    return keys.stream()
        .map(key ->
            new Change(
                key, before.getOrDefault(key, "(default)"), after.getOrDefault(key, "(default)")))
        .filter(change -> !change.before.equals(change.after))
        .toList();
  }

  private static List<String> table(List<Change> changes) {
    var table = new Table("SETTING", "OLD", "NEW");
    changes.forEach(change -> table.row(change.key, change.before, change.after));
    return changes.isEmpty() ? List.of() : table.lines();
  }
}
