package dev.naru.cli;

import dev.naru.cli.output.Notes;
import java.io.Console;
import java.util.Optional;

/** Asks before something that cannot be undone. */
public final class Confirmation {

  private Confirmation() {}

  /** Whether a person at a terminal says yes; without a terminal the command is refused. */
  public static boolean isGiven(String question, Notes notes) {
    var console = terminal();
    notes.ask(question + " [y/N] ");
    String answer = Optional.ofNullable(console.readLine()).orElse("").strip();
    return answer.equalsIgnoreCase("y") || answer.equalsIgnoreCase("yes");
  }

  /** Refuses the command if nobody could be asked: before it goes to the trouble of a question. */
  public static void requireTerminal() {
    terminal();
  }

  private static Console terminal() {
    return Optional.ofNullable(System.console())
        .filter(Console::isTerminal)
        .orElseThrow(
            () -> CommandFailure.usage("Expected --yes, because there is no terminal to ask at"));
  }
}
