package dev.naru.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class CompletionScriptTest {

  @TempDir Path folder;

  private final CompletionScript script =
      new CompletionScript(new CommandLine(new Root()).getCommandSpec());

  @Command(
      name = "naru",
      subcommands = {Topics.class})
  static final class Root {
    @Option(
        names = {"-o", "--output"},
        description = "The operator's form.")
    @SuppressWarnings("UnusedVariable") // only its name matters
    private String output = "";
  }

  @Command(
      name = "topics",
      subcommands = {Create.class, Delete.class})
  static final class Topics {}

  @Command(name = "create", description = "Makes one.")
  static final class Create {
    @Option(names = "--partitions")
    @SuppressWarnings("UnusedVariable") // only its name matters
    private int partitions;
  }

  @Command(name = "delete")
  static final class Delete {}

  @Test
  void bashCompletesTheCommandThatIsBeingTyped() throws IOException, InterruptedException {
    assertThat(bash("naru", "to")).containsExactly("topics");
    assertThat(bash("naru", "topics", "")).containsExactlyInAnyOrder("create", "delete");
    assertThat(bash("naru", "topics", "create", "--p")).containsExactly("--partitions");
    assertThat(bash("naru", "-o", "j")).containsExactly("json", "jsonl");
    assertThat(bash("naru", "--quiet", "topics", "cr"))
        .as("flags may stand before a command")
        .containsExactly("create");
  }

  @Test
  void fishIsToldOfEachCommandWhereItStands() {
    assertThat(script.fish().lines())
        .contains("complete -c naru -n '__naru_at topics' -f -a create -d 'Makes one.'")
        .contains("complete -c naru -n '__naru_at topics create' -l partitions -r -d ''")
        .anyMatch(line -> line.endsWith("-d 'The operator\\'s form.'"));
  }

  @Test
  void zshReadsWhatBashDoes() {
    assertThat(script.zsh()).contains("bashcompinit").endsWith(script.bash());
    assertThat(script.bash()).as("which would be the PATH of zsh").doesNotContain("path=");
  }

  /** What bash offers for the last of these words. */
  private List<String> bash(String... words) throws IOException, InterruptedException {
    var file = Files.writeString(folder.resolve("naru.bash"), script.bash());
    var process =
        new ProcessBuilder(
                "bash",
                "-c",
                ". "
                    + file
                    + "; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _naru; printf '%s\\n'"
                    + " \"${COMPREPLY[@]}\"",
                "bash")
            .redirectErrorStream(true);
    process.command().addAll(List.of(words));
    var started = process.start();
    var output = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(started.waitFor()).as(output).isZero();
    return output.lines().toList();
  }
}
