package dev.naru.cli.command;

import dev.naru.cli.Invocation;
import dev.naru.cli.text.TopicArgument;
import dev.naru.client.admin.Admin;
import dev.naru.types.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code naru topics delete}. Stops at the first topic that cannot be deleted. */
@Command(name = "delete", description = "Deletes topics and all their records.")
public final class TopicsDeleteCommand implements Callable<Integer> {

  private static final Deletion.Kind KIND =
      new Deletion.Kind(
          "topics",
          "records",
          ErrorCode.TOPIC_NOT_FOUND,
          Admin::deleteTopic,
          Admin::validateDeleteTopic);

  @Parameters(paramLabel = "NAME", arity = "1..*", description = "The topics.")
  private List<String> names = new ArrayList<>();

  @Mixin private Deletion deletion = new Deletion();

  private final Invocation invocation;

  /** Belongs to this call. */
  public TopicsDeleteCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    return deletion.run(KIND, names.stream().map(TopicArgument::name).toList(), invocation);
  }
}
