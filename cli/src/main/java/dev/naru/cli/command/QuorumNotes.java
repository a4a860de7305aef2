package dev.naru.cli.command;

import dev.naru.client.admin.QuorumDescription;
import dev.naru.client.admin.QuorumDescription.Member;
import java.util.ArrayList;
import java.util.List;

/**
 * What is said of a change of voters that was not refused. What was so before is not done once
 * more: a node that was demoted long ago may be a sound listener by now, and nobody must be told to
 * empty its directory. But it may have been demoted by the call before, of which no answer came: so
 * it is said what would be to do then.
 *
 * @param before the quorum before it was asked for
 * @param after the quorum as it was answered, which may be what one node knows of it
 * @param promoted who was to vote
 * @param demoted who was to listen only
 */
record QuorumNotes(
    QuorumDescription before,
    QuorumDescription after,
    List<Integer> promoted,
    List<Integer> demoted) {

  private static final String SO_ALREADY = "it was so already: nothing has changed";

  private static final String NOT_SHOWN =
      "done; but the node that was asked has yet to hear of it, and shows who voted before: look"
          + " again with naru cluster quorum";

  List<String> lines(boolean isDryRun) {
    var wasDemoted = demoted.stream().filter(node -> votes(before, node)).toList();
    boolean isNew =
        !wasDemoted.isEmpty() || promoted.stream().anyMatch(node -> !votes(before, node));
    var lines = new ArrayList<String>();
    if (isDryRun) {
      lines.add(isNew ? "it would be done" : SO_ALREADY);
      return lines;
    }
    lines.add(!isNew ? SO_ALREADY : isShown() ? "done" : NOT_SHOWN);
    wasDemoted.forEach(node ->
        lines.add(
            ("node %d only listens from now on; before it starts again, empty its metadata"
                    + " directory and run: naru node format --replace")
                .formatted(node)));
    demoted.stream()
        .filter(node -> !wasDemoted.contains(node))
        .forEach(node ->
            lines.add(
                ("if node %d has not been formatted since it was demoted, do that before it starts:"
                        + " empty its metadata directory and run: naru node format --replace")
                    .formatted(node)));
    return lines;
  }

  private boolean isShown() {
    return promoted.stream().allMatch(node -> votes(after, node))
        && demoted.stream().noneMatch(node -> votes(after, node));
  }

  private static boolean votes(QuorumDescription quorum, int node) {
    return quorum.members().stream().filter(Member::isVoter).anyMatch(each -> each.node() == node);
  }
}
