package dev.naru.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The help of a command: its own flags, and where to read about those that every command takes. */
final class HelpText {

  private HelpText() {}

  /** Shapes the help of this command and of all below it. */
  static void shape(CommandLine root) {
    root.getCommandSpec().usageMessage().sortOptions(false);
    root.getSubcommands().values().forEach(HelpText::shapeMember);
  }

  private static void shapeMember(CommandLine line) {
    var usage = line.getCommandSpec().usageMessage();
    usage.sortOptions(false).abbreviateSynopsis(true);
    usage.sectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpText::ownFlags);
    line.getSubcommands().values().forEach(HelpText::shapeMember);
  }

  private static String ownFlags(Help help) {
    var own = help.commandSpec().options().stream().filter(flag -> !flag.inherited()).toList();
    boolean hasMembers = !help.commandSpec().subcommands().isEmpty();
    return listOf(own, help)
        + "%nFlags of every command: naru --help%n".formatted()
        + (hasMembers ? "%n".formatted() : "");
  }

  private static String listOf(List<OptionSpec> flags, Help help) {
    var layout = help.createDefaultLayout(flags, List.of(), help.colorScheme());
    layout.addAllOptions(flags, help.parameterLabelRenderer());
    return layout.toString();
  }
}
