package dev.naru.cli;

import dev.naru.cli.output.Notes;
import dev.naru.cli.output.Stdout;

/** Where the process of a command begins and ends. */
public final class Main {

  private Main() {}

  /** Runs one command. */
  public static void main(String[] args) {
    if (args.length == 1 && args[0].equals("--version")) { // without the cost of the command tree
      System.out.println(Release.text());
      return;
    }
    var invocation = new Invocation(System.getenv(), Stdout.ofProcess(), new Notes(System.err));
    System.exit(new CommandTree(invocation).run(args));
  }
}
