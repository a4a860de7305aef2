package dev.naru.cli;

import dev.naru.cli.command.ClusterCommand;
import dev.naru.cli.command.ClusterEventsCommand;
import dev.naru.cli.command.ClusterInfoCommand;
import dev.naru.cli.command.ClusterQuorumCommand;
import dev.naru.cli.command.ClusterUpgradeCheckCommand;
import dev.naru.cli.command.ClusterUpgradeCommand;
import dev.naru.cli.command.ClusterUpgradeFinalizeCommand;
import dev.naru.cli.command.CompletionCommand;
import dev.naru.cli.command.ConfigCommand;
import dev.naru.cli.command.ConfigExplainCommand;
import dev.naru.cli.command.ConfigGetCommand;
import dev.naru.cli.command.ConfigSetCommand;
import dev.naru.cli.command.ConfigValidateCommand;
import dev.naru.cli.command.ConsumeCommand;
import dev.naru.cli.command.DebugCommand;
import dev.naru.cli.command.DebugRaftCommand;
import dev.naru.cli.command.DebugSegmentCommand;
import dev.naru.cli.command.DevCommand;
import dev.naru.cli.command.DevStatusCommand;
import dev.naru.cli.command.DevStopCommand;
import dev.naru.cli.command.DoctorCommand;
import dev.naru.cli.command.GroupsCommand;
import dev.naru.cli.command.GroupsDeleteCommand;
import dev.naru.cli.command.GroupsDeleteOffsetsCommand;
import dev.naru.cli.command.GroupsDescribeCommand;
import dev.naru.cli.command.GroupsListCommand;
import dev.naru.cli.command.GroupsRemoveMemberCommand;
import dev.naru.cli.command.GroupsResetOffsetsCommand;
import dev.naru.cli.command.NaruCommand;
import dev.naru.cli.command.NodeCommand;
import dev.naru.cli.command.NodeFormatCommand;
import dev.naru.cli.command.NodeStartCommand;
import dev.naru.cli.command.NodesCommand;
import dev.naru.cli.command.NodesDecommissionCommand;
import dev.naru.cli.command.NodesDescribeCommand;
import dev.naru.cli.command.NodesDrainCommand;
import dev.naru.cli.command.NodesListCommand;
import dev.naru.cli.command.NodesUndrainCommand;
import dev.naru.cli.command.OpsCancelCommand;
import dev.naru.cli.command.OpsCommand;
import dev.naru.cli.command.OpsDescribeCommand;
import dev.naru.cli.command.OpsListCommand;
import dev.naru.cli.command.OpsWaitCommand;
import dev.naru.cli.command.PartitionsCommand;
import dev.naru.cli.command.PartitionsElectCommand;
import dev.naru.cli.command.PartitionsReassignCommand;
import dev.naru.cli.command.PartitionsRecoverCommand;
import dev.naru.cli.command.PerfCommand;
import dev.naru.cli.command.PerfConsumeCommand;
import dev.naru.cli.command.PerfEndToEndCommand;
import dev.naru.cli.command.PerfProduceCommand;
import dev.naru.cli.command.ProduceCommand;
import dev.naru.cli.command.RebalanceApplyCommand;
import dev.naru.cli.command.RebalanceCommand;
import dev.naru.cli.command.RebalancePlanCommand;
import dev.naru.cli.command.SalvageCommand;
import dev.naru.cli.command.SalvageListCommand;
import dev.naru.cli.command.SalvageRepublishCommand;
import dev.naru.cli.command.SalvageShowCommand;
import dev.naru.cli.command.TopicsAddPartitionsCommand;
import dev.naru.cli.command.TopicsAlterCommand;
import dev.naru.cli.command.TopicsCommand;
import dev.naru.cli.command.TopicsCreateCommand;
import dev.naru.cli.command.TopicsDeleteCommand;
import dev.naru.cli.command.TopicsDescribeCommand;
import dev.naru.cli.command.TopicsListCommand;
import dev.naru.cli.command.TopicsTopCommand;
import dev.naru.cli.command.TopicsTruncateCommand;
import dev.naru.cli.output.StdoutClosedException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParseResult;

/** All commands, and what holds for each of them. */
public final class CommandTree {

  private final Invocation invocation;

  CommandTree(Invocation invocation) {
    this.invocation = invocation;
  }

  /** Runs the command that the words name, and returns the exit status. */
  int run(String... args) {
    var report = new ErrorReport(invocation.notes(), invocation.flags());
    return build(List.of(args), report).execute(args);
  }

  /** All of it, as it will parse these words. */
  CommandLine build(List<String> args, ErrorReport report) {
    var root = new CommandLine(new NaruCommand(invocation.flags()));
    root.getCommandSpec().versionProvider(new Release());
    root.addSubcommand(
            group(
                new DevCommand(invocation),
                new DevStopCommand(invocation),
                new DevStatusCommand(invocation)))
        .addSubcommand(group(new NodeCommand(), new NodeFormatCommand(), new NodeStartCommand()))
        .addSubcommand(
            group(
                new ClusterCommand(),
                new ClusterInfoCommand(invocation),
                new ClusterEventsCommand(invocation),
                new ClusterQuorumCommand(invocation),
                group(
                    new ClusterUpgradeCommand(),
                    new ClusterUpgradeCheckCommand(invocation),
                    new ClusterUpgradeFinalizeCommand(invocation))))
        .addSubcommand(
            group(
                new NodesCommand(),
                new NodesListCommand(invocation),
                new NodesDescribeCommand(invocation),
                new NodesDrainCommand(invocation),
                new NodesUndrainCommand(invocation),
                new NodesDecommissionCommand(invocation)))
        .addSubcommand(
            group(
                new TopicsCommand(),
                new TopicsListCommand(invocation),
                new TopicsDescribeCommand(invocation),
                new TopicsTopCommand(invocation),
                new TopicsCreateCommand(invocation),
                new TopicsAlterCommand(invocation),
                new TopicsAddPartitionsCommand(invocation),
                new TopicsDeleteCommand(invocation),
                new TopicsTruncateCommand(invocation)))
        .addSubcommand(
            group(
                new GroupsCommand(),
                new GroupsListCommand(invocation),
                new GroupsDescribeCommand(invocation),
                new GroupsResetOffsetsCommand(invocation),
                new GroupsDeleteOffsetsCommand(invocation),
                new GroupsDeleteCommand(invocation),
                new GroupsRemoveMemberCommand(invocation)))
        .addSubcommand(
            group(
                new PartitionsCommand(),
                new PartitionsElectCommand(invocation),
                new PartitionsReassignCommand(invocation),
                new PartitionsRecoverCommand(invocation)))
        .addSubcommand(
            group(
                new RebalanceCommand(),
                new RebalancePlanCommand(invocation),
                new RebalanceApplyCommand(invocation)))
        .addSubcommand(
            group(
                new OpsCommand(),
                new OpsListCommand(invocation),
                new OpsDescribeCommand(invocation),
                new OpsWaitCommand(invocation),
                new OpsCancelCommand(invocation)))
        .addSubcommand(
            group(
                new SalvageCommand(),
                new SalvageListCommand(invocation),
                new SalvageShowCommand(invocation),
                new SalvageRepublishCommand(invocation)))
        .addSubcommand(
            group(
                new ConfigCommand(),
                new ConfigGetCommand(invocation),
                new ConfigSetCommand(invocation),
                new ConfigExplainCommand(invocation),
                new ConfigValidateCommand()))
        .addSubcommand(new ProduceCommand(invocation))
        .addSubcommand(new ConsumeCommand(invocation))
        .addSubcommand(
            group(
                new PerfCommand(),
                new PerfProduceCommand(invocation),
                new PerfConsumeCommand(invocation),
                new PerfEndToEndCommand(invocation)))
        .addSubcommand(
            group(
                new DebugCommand(),
                new DebugSegmentCommand(invocation),
                new DebugRaftCommand(invocation)))
        .addSubcommand(new DoctorCommand(invocation))
        .addSubcommand(new CompletionCommand(invocation));
    Converters.register(root);
    HelpText.shape(root);
    return root.setExpandAtFiles(false)
        .setColorScheme(Help.defaultColorScheme(args.contains("--no-color") ? Ansi.OFF : Ansi.AUTO))
        .setExecutionStrategy(words -> execute(words, report))
        .setParameterExceptionHandler((problem, words) -> report.print(UsageReport.of(problem)))
        .setExecutionExceptionHandler((thrown, line, words) -> report.print(thrown));
  }

  private static CommandLine group(Object command, Object... members) {
    var line = new CommandLine(command);
    for (Object member : members) {
      line.addSubcommand(member);
    }
    return line;
  }

  private int execute(ParseResult words, ErrorReport report) {
    try {
      invocation.flags().requireReadable();
      if (invocation.flags().isQuiet()) {
        invocation.notes().beQuiet();
      }
      int status = new CommandLine.RunLast().execute(words);
      invocation.stdout().flush();
      return status;
    } catch (CommandFailure | StdoutClosedException e) { // outside of the command itself
      return report.print(e);
    }
  }
}
