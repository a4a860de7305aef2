package dev.naru.cli.command;

import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.output.ConfigText;
import dev.naru.cli.output.Listing;
import dev.naru.cli.text.SubjectArgument;
import dev.naru.client.admin.ConfigExplanation;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code naru config explain}. */
@Command(
    name = "explain",
    description =
        "Why a setting has its value: who set it and when, what it hides, and when another value"
            + " would count.",
    footer = {"", "Example: naru config explain topics/orders retention.ms"})
public final class ConfigExplainCommand implements Callable<Integer> {

  @Parameters(
      index = "0",
      paramLabel = "SUBJECT",
      description = "cluster, nodes/ID or topics/NAME.")
  private String subject = "";

  @Parameters(index = "1", paramLabel = "KEY", description = "The setting.")
  private String key = "";

  private final Invocation invocation;

  /** Belongs to this call. */
  public ConfigExplainCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    var of = SubjectArgument.parse(subject);
    try (var naru = invocation.open()) {
      var told = invocation.await(naru.admin().configs().explain(of, key));
      told.warnings().forEach(each -> invocation.notes().warn(each.code(), each.message()));
      invocation.print(
          Listing.single(told, ConfigText::json, ConfigExplanation::key, ConfigText::text));
      return ExitStatus.DONE;
    }
  }
}
