package dev.naru.cli.command;

import dev.naru.cli.dev.NaruScript;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code naru node start}. The script starts a node without us when these are its first words; this
 * is the way round by flags that come before, and the help.
 */
@Command(name = "start", description = "Runs one node until it is told to end.")
public final class NodeStartCommand implements Callable<Integer> {

  static final String CONFIG_DEFAULT = "/etc/naru/node.yaml";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Its configuration (/etc/naru/node.yaml).")
  private String config = CONFIG_DEFAULT;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting that wins over the file; may be repeated.")
  private List<String> settings = new ArrayList<>();

  @Option(names = "--format-if-empty", description = "Format empty directories first.")
  private boolean isFormatting;

  @Override
  public Integer call() {
    var words = new ArrayList<>(List.of("node", "start", "--config", config));
    settings.forEach(setting -> words.addAll(List.of("--set", setting)));
    if (isFormatting) {
      words.add("--format-if-empty");
    }
    return NaruScript.ofProcess().run(words);
  }
}
