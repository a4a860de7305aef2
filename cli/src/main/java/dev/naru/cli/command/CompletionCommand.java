package dev.naru.cli.command;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.output.CompletionScript;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code naru completion}. */
@Command(
    name = "completion",
    description = "A script that lets your shell complete commands and flags.")
public final class CompletionCommand implements Callable<Integer> {

  @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
  private String shell = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Invocation invocation;

  /** Belongs to this call. */
  public CompletionCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    var script = new CompletionScript(spec.root());
    invocation
        .stdout()
        .print(
            switch (shell) {
              case "bash" -> script.bash();
              case "zsh" -> script.zsh();
              case "fish" -> script.fish();
              default -> throw CommandFailure.usage("Expected bash, zsh or fish, but was " + shell);
            });
    return ExitStatus.DONE;
  }
}
