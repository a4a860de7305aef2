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
    var usage = root.getCommandSpec().usageMessage();
    usage.sortOptions(false);
    usage.sectionMap().put(UsageMessageSpec.SECTION_KEY_FOOTER, HelpText::examples);
    root.getSubcommands().values().forEach(HelpText::shapeMember);
  }

  private static void shapeMember(CommandLine line) {
    var usage = line.getCommandSpec().usageMessage();
    usage.sortOptions(false).abbreviateSynopsis(true);
    usage.sectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpText::ownFlags);
    usage.sectionMap().put(UsageMessageSpec.SECTION_KEY_FOOTER, HelpText::examples);
    line.getSubcommands().values().forEach(HelpText::shapeMember);
  }

  private static String examples(Help help) {
    var name = help.commandSpec().qualifiedName();
    var examples = Examples.of(name.substring(name.indexOf(' ') + 1));
    if (examples.isEmpty()) {
      return help.footer(); // where some commands have theirs
    }
    var text = new StringBuilder(help.footer()).append("%nExamples:%n".formatted());
    examples.forEach(example -> text.append("  %s%n".formatted(example)));
    return text.toString();
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
