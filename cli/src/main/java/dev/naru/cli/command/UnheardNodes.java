package dev.naru.cli.command;

import dev.naru.cli.ExitStatus;
import dev.naru.cli.output.Notes;
import dev.naru.client.NaruException;
import java.util.SortedMap;

/** Nodes that did not say what only they know. */
final class UnheardNodes {

  private UnheardNodes() {}

  /** Warns of each, and returns the exit status of the command: that of the first failure. */
  static int report(SortedMap<Integer, NaruException> unheard, Notes notes) {
    unheard.forEach((node, why) ->
        notes.warn(
            why.code().name(),
            "what node %d leads is missing, so shares and skew are not right: %s"
                .formatted(node, why.getMessage())));
    return unheard.values().stream()
        .findFirst()
        .map(why -> why.code().exitStatus())
        .orElse(ExitStatus.DONE);
  }
}
