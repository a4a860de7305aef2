package dev.naru.cli.command;

import dev.naru.cli.Confirmation;
import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.json.Json;
import dev.naru.cli.output.Listing;
import dev.naru.cli.text.GroupArgument;
import dev.naru.client.NaruException;
import dev.naru.client.admin.Admin;
import dev.naru.types.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code naru groups delete}. Stops at the first group that cannot be deleted. */
@Command(
    name = "delete",
    description = "Deletes groups without members, and their offsets.",
    footer = {
      "",
      "Examples:",
      "  naru groups delete billing --dry-run",
      "  naru groups delete billing-test-1 billing-test-2 --if-exists --yes"
    })
public final class GroupsDeleteCommand implements Callable<Integer> {

  @Parameters(paramLabel = "GROUP", arity = "1..*", description = "The groups.")
  private List<String> names = new ArrayList<>();

  @Option(names = "--if-exists", description = "No group of that name is success too.")
  private boolean isAbsentFine;

  @Option(names = "--dry-run", description = "Only check, and print what would be deleted.")
  private boolean isDryRun;

  @Option(names = "--yes", description = "Do not ask.")
  private boolean isConfirmed;

  private final Invocation invocation;

  /** Belongs to this call. */
  public GroupsDeleteCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    var groups = names.stream().map(GroupArgument::name).toList();
    if (!mayDelete(groups)) {
      invocation.notes().say("nothing was deleted");
      return ExitStatus.FAILED;
    }
    var deleted = new ArrayList<String>();
    try (var naru = invocation.open()) {
      for (var group : groups) {
        delete(naru.admin(), group, deleted);
      }
    } finally {
      print(deleted);
    }
    return ExitStatus.DONE;
  }

  private boolean mayDelete(List<String> groups) {
    var question = "Delete " + String.join(", ", groups) + " and all offsets?";
    return isDryRun || isConfirmed || Confirmation.isGiven(question, invocation.notes());
  }

  private void delete(Admin admin, String group, List<String> deleted) {
    try {
      invocation.await(isDryRun ? admin.validateDeleteGroup(group) : admin.deleteGroup(group));
      deleted.add("groups/" + group);
      invocation.notes().note((isDryRun ? "would delete groups/" : "deleted groups/") + group);
    } catch (CompletionException e) {
      if (!(isAbsentFine
          && e.getCause() instanceof NaruException refused
          && refused.code() == ErrorCode.GROUP_NOT_FOUND)) {
        throw e;
      }
      invocation.notes().note("groups/" + group + " does not exist");
    }
  }

  private void print(List<String> deleted) {
    invocation.print(
        Listing.list(
            "groups",
            deleted,
            name -> Json.object().with("name", name).build(),
            name -> name,
            all -> List.of(),
            all -> List.of()));
  }
}
