package dev.naru.cli.command;

import dev.naru.cli.Confirmation;
import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.json.Json;
import dev.naru.cli.output.Listing;
import dev.naru.cli.text.TopicArgument;
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

/** {@code naru topics delete}. Stops at the first topic that cannot be deleted. */
@Command(name = "delete", description = "Deletes topics and all their records.")
public final class TopicsDeleteCommand implements Callable<Integer> {

  @Parameters(paramLabel = "NAME", arity = "1..*", description = "The topics.")
  private List<String> names = new ArrayList<>();

  @Option(names = "--if-exists", description = "No topic of that name is success too.")
  private boolean isAbsentFine;

  @Option(names = "--dry-run", description = "Only check, and print what would be deleted.")
  private boolean isDryRun;

  @Option(names = "--yes", description = "Do not ask.")
  private boolean isConfirmed;

  private final Invocation invocation;

  /** Belongs to this call. */
  public TopicsDeleteCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    var topics = names.stream().map(TopicArgument::name).toList();
    if (!mayDelete(topics)) {
      invocation.notes().say("nothing was deleted");
      return ExitStatus.FAILED;
    }
    var deleted = new ArrayList<String>();
    try (var naru = invocation.open()) {
      for (var topic : topics) {
        delete(naru.admin(), topic, deleted);
      }
    } finally {
      print(deleted);
    }
    return ExitStatus.DONE;
  }

  private boolean mayDelete(List<String> topics) {
    var question = "Delete " + String.join(", ", topics) + " and all records?";
    return isDryRun || isConfirmed || Confirmation.isGiven(question, invocation.notes());
  }

  private void delete(Admin admin, String topic, List<String> deleted) {
    try {
      invocation.await(isDryRun ? admin.validateDeleteTopic(topic) : admin.deleteTopic(topic));
      deleted.add("topics/" + topic);
      invocation.notes().note((isDryRun ? "would delete topics/" : "deleted topics/") + topic);
    } catch (CompletionException e) {
      if (!(isAbsentFine
          && e.getCause() instanceof NaruException refused
          && refused.code() == ErrorCode.TOPIC_NOT_FOUND)) {
        throw e;
      }
      invocation.notes().note("topics/" + topic + " does not exist");
    }
  }

  private void print(List<String> deleted) {
    invocation.print(
        Listing.list(
            "topics",
            deleted,
            name -> Json.object().with("name", name).build(),
            name -> name,
            all -> List.of(),
            all -> List.of()));
  }
}
