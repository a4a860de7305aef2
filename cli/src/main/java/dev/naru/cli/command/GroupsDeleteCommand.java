package dev.naru.cli.command;

import dev.naru.cli.Invocation;
import dev.naru.cli.text.GroupArgument;
import dev.naru.client.admin.Admin;
import dev.naru.types.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

  private static final Deletion.Kind KIND =
      new Deletion.Kind(
          "groups",
          "offsets",
          ErrorCode.GROUP_NOT_FOUND,
          Admin::deleteGroup,
          Admin::validateDeleteGroup);

  @Parameters(paramLabel = "GROUP", arity = "1..*", description = "The groups.")
  private List<String> names = new ArrayList<>();

  @Mixin private Deletion deletion = new Deletion();

  private final Invocation invocation;

  /** Belongs to this call. */
  public GroupsDeleteCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    return deletion.run(KIND, names.stream().map(GroupArgument::name).toList(), invocation);
  }
}
