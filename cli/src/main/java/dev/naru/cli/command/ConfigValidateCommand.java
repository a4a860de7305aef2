package dev.naru.cli.command;

import dev.naru.cli.dev.NaruScript;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code naru config validate}: leaves the work to the node's own code, and asks no node. */
@Command(
    name = "validate",
    description = "Says all that is wrong with a node's configuration; starts nothing.",
    footer = {"", "Example: naru config validate --config /etc/naru/node.yaml"})
public final class ConfigValidateCommand implements Callable<Integer> {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration (/etc/naru/node.yaml).")
  private String config = NodeStartCommand.CONFIG_DEFAULT;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting that wins over the file; may be repeated.")
  private List<String> settings = new ArrayList<>();

  @Override
  public Integer call() {
    var words = new ArrayList<>(List.of("config", "validate", "--config", config));
    settings.forEach(setting -> words.addAll(List.of("--set", setting)));
    return NaruScript.ofProcess().run(words);
  }
}
