package dev.naru.cli.command;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.Confirmation;
import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.text.GroupArgument;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code naru groups remove-member}. */
@Command(
    name = "remove-member",
    description = {
      "Takes a member out that is dead, without waiting for its session to end.",
      "Others get its partitions at once. One that lives reads on beside them until it hears that"
          + " it is out, and then comes again; its commits are refused meanwhile."
    },
    footer = {
      "",
      "Examples:",
      "  naru groups remove-member billing --instance billing-7",
      "  naru groups remove-member billing --member 5d3c0b5e-7f0a-4c5e-9d0e-2f8a0f6b1c11 --yes"
    })
public final class GroupsRemoveMemberCommand implements Callable<Integer> {

  @Parameters(paramLabel = "GROUP", description = "The group.")
  private String named = "";

  @Option(names = "--member", paramLabel = "ID", description = "The member with this id.")
  private Optional<String> member = Optional.empty();

  @Option(
      names = "--instance",
      paramLabel = "ID",
      description = "The member with this group.instance.id.")
  private Optional<String> instance = Optional.empty();

  @Option(names = "--yes", description = "Do not ask.")
  private boolean isConfirmed;

  private final Invocation invocation;

  /** Belongs to this call. */
  public GroupsRemoveMemberCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    var group = GroupArgument.name(named);
    if (member.isPresent() == instance.isPresent()) {
      throw CommandFailure.usage(
          "Expected --member or --instance, but "
              + (member.isPresent() ? "both were given" : "neither was given"));
    }
    var id = member.map(GroupsRemoveMemberCommand::uuid);
    var who = member.or(() -> instance).orElse("");
    var question = "Take %s out of group %s?".formatted(who, group);
    if (!isConfirmed && !Confirmation.isGiven(question, invocation.notes())) {
      invocation.notes().say("nothing was changed");
      return ExitStatus.FAILED;
    }
    try (var naru = invocation.open()) {
      var admin = naru.admin();
      invocation.await(
          id.isPresent() ? admin.removeMember(group, id.get()) : admin.removeMember(group, who));
    }
    invocation.notes().note("%s is out of groups/%s".formatted(who, group));
    return ExitStatus.DONE;
  }

  private static UUID uuid(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage("Expected --member UUID, but was " + text);
    }
  }
}
