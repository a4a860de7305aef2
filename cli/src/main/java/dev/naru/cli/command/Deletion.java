package dev.naru.cli.command;

import dev.naru.cli.Confirmation;
import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.json.Json;
import dev.naru.cli.output.Listing;
import dev.naru.client.NaruException;
import dev.naru.client.admin.Admin;
import dev.naru.types.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;
import picocli.CommandLine.Option;

/** What the delete commands have in common. Stops at the first thing that cannot be deleted. */
final class Deletion {

  @Option(names = "--if-exists", description = "None of that name is success too.")
  private boolean isAbsentFine;

  @Option(names = "--dry-run", description = "Only check, and print what would be deleted.")
  private boolean isDryRun;

  @Option(names = "--yes", description = "Do not ask.")
  private boolean isConfirmed;

  /**
   * What is deleted.
   *
   * @param plural as in the names of resources
   * @param contents what goes with it
   * @param absent how the cluster says that there is none
   */
  record Kind(
      String plural, String contents, ErrorCode absent, Deleting deletes, Deleting validates) {}

  /** A question to the cluster about the thing of a name. */
  interface Deleting extends BiFunction<Admin, String, CompletableFuture<Void>> {}

  /** Deletes the things of these names, unless the user does not want to after all. */
  int run(Kind kind, List<String> names, Invocation invocation) {
    if (!mayDelete(kind, names, invocation)) {
      invocation.notes().say("nothing was deleted");
      return ExitStatus.FAILED;
    }
    var deleted = new ArrayList<String>();
    try (var naru = invocation.open()) {
      for (var name : names) {
        delete(kind, name, naru.admin(), invocation, deleted);
      }
    } finally {
      print(kind, deleted, invocation);
    }
    return ExitStatus.DONE;
  }

  private boolean mayDelete(Kind kind, List<String> names, Invocation invocation) {
    var question = "Delete " + String.join(", ", names) + " and all " + kind.contents + "?";
    return isDryRun || isConfirmed || Confirmation.isGiven(question, invocation.notes());
  }

  private void delete(
      Kind kind, String name, Admin admin, Invocation invocation, List<String> deleted) {
    var resource = kind.plural + "/" + name;
    try {
      invocation.await((isDryRun ? kind.validates : kind.deletes).apply(admin, name));
      deleted.add(resource);
      invocation.notes().note((isDryRun ? "would delete " : "deleted ") + resource);
    } catch (CompletionException e) {
      if (!(isAbsentFine
          && e.getCause() instanceof NaruException refused
          && refused.code() == kind.absent)) {
        throw e;
      }
      invocation.notes().note(resource + " does not exist");
    }
  }

  private static void print(Kind kind, List<String> deleted, Invocation invocation) {
    invocation.print(
        Listing.list(
            kind.plural,
            deleted,
            name -> Json.object().with("name", name).build(),
            name -> name,
            all -> List.of(),
            all -> List.of()));
  }
}
