package dev.naru.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.cli.output.Notes;
import dev.naru.cli.output.Stdout;
import dev.naru.testing.Repository;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** What every command says of itself. */
class HelpTest {

  /** So that no example goes on in the next line. */
  private static final int WIDTH = 200;

  private static final String EXAMPLES = "Examples:";

  /** A word, or one in quotes. */
  private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");

  private static final Pattern CALL = Pattern.compile("\\bnaru ([^|<>)]+)");

  private static final Pattern BLOCK = Pattern.compile("(?ms)^ *```[a-z]*\\n(.*?)^ *```");

  /** At the beginning of a line, behind a prompt, a pipe, or a change of the user. */
  private static final Pattern TYPED =
      Pattern.compile("(?:^ *|\\$ |\\| |-- )naru ([a-z-][^|<>)]*)");

  private final CommandLine tree = tree();

  @Test
  void everyCommandSaysWhatItDoesAndShowsAnExampleThatItWouldTake() {
    var faults = new ArrayList<String>();

    var all = new ArrayList<CommandLine>();
    collect(tree(), all);
    for (var command : all) {
      command.setUsageHelpWidth(WIDTH);
      var help = command.getUsageMessage(CommandLine.Help.Ansi.OFF);
      var name = command.getCommandSpec().qualifiedName();
      if (!help.contains(EXAMPLES)) {
        faults.add(name + " has no example");
      }
      for (var line : help.substring(Math.max(0, help.indexOf(EXAMPLES))).lines().toList()) {
        CALL.matcher(line).results().forEach(call -> refused(call.group(1)).ifPresent(faults::add));
      }
      if (command.getCommandSpec().usageMessage().description().length == 0) {
        faults.add(name + " does not say what it does");
      }
    }

    assertThat(all).hasSizeGreaterThan(30);
    assertThat(faults).isEmpty();
  }

  /** Of pages for operators: what stands in blocks is typed as it stands. */
  @Test
  void pagesShowCallsThatWouldBeTaken() throws IOException {
    var docs = Repository.of(HelpTest.class).root().resolve("docs");
    var faults = new ArrayList<String>();
    int calls = 0;

    for (var page : pages(docs)) {
      var blocks = BLOCK.matcher(Files.readString(page)).results().map(block -> block.group(1));
      for (var line : blocks.flatMap(String::lines).toList()) {
        var typed = TYPED.matcher(line.replaceAll(" {2,}#.*", ""));
        if (typed.find()) {
          calls++;
          refused(typed.group(1))
              .map(why -> page.getFileName() + ": " + why)
              .ifPresent(faults::add);
        }
      }
    }

    assertThat(calls).isGreaterThan(40); // or nothing was read
    assertThat(faults).isEmpty();
  }

  private static List<Path> pages(Path docs) throws IOException {
    var pages = new ArrayList<Path>();
    for (var folder : List.of("runbooks", "guide")) {
      try (var files = Files.list(docs.resolve(folder))) {
        files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
      }
    }
    return pages;
  }

  private static void collect(CommandLine command, List<CommandLine> to) {
    if (!(command.getCommand() instanceof Group) || command.getParent() == null) {
      to.add(command);
    }
    command.getSubcommands().values().forEach(member -> collect(member, to));
  }

  private Optional<String> refused(String words) {
    var call =
        WORD.matcher(words)
            .results()
            .map(word ->
                word.group(1) != null
                    ? word.group(1)
                    : word.group(2) != null ? word.group(2) : word.group(3))
            .toArray(String[]::new);
    try {
      tree.parseArgs(call); // which forgets the call before
      return Optional.empty();
    } catch (ParameterException e) {
      return Optional.of("naru " + words + ": " + e.getMessage());
    }
  }

  private static CommandLine tree() {
    var notes = new Notes(new PrintStream(new ByteArrayOutputStream(), true, UTF_8));
    var invocation = new Invocation(Map.of(), new Stdout(new ByteArrayOutputStream()), notes);
    return new CommandTree(invocation).build(List.of(), new ErrorReport(notes, invocation.flags()));
  }
}
