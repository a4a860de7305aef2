package dev.naru.cli.output;

import dev.naru.cli.json.Json;
import dev.naru.client.admin.QuorumDescription;
import dev.naru.client.admin.QuorumDescription.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** The metadata quorum. */
public final class QuorumText {

  private QuorumText() {}

  /** A {@code Quorum}. */
  public static Json json(QuorumDescription quorum) {
    var fields = Json.object().with("term", Json.int64(quorum.term()));
    quorum.controller().ifPresent(node -> fields.with("controller", node));
    return fields
        .with("committedIndex", Json.int64(quorum.committedIndex()))
        .with("members", Json.array(quorum.members().stream().map(QuorumText::json)))
        .build();
  }

  private static Json json(Member member) {
    var fields =
        Json.object()
            .with("node", member.node())
            .with("peerId", member.peerId())
            .with("raftAddress", member.raftAddress())
            .with("voter", Json.bool(member.isVoter()));
    member.committedIndex().ifPresent(index -> fields.with("committedIndex", Json.int64(index)));
    member.lag().ifPresent(lag -> fields.with("lag", Json.int64(lag)));
    return fields.with("state", "STATE_" + member.state()).build();
  }

  /** {@code nodes/1}, a line for each member. */
  public static String names(QuorumDescription quorum) {
    return quorum.members().stream()
        .map(member -> "nodes/" + member.node())
        .collect(Collectors.joining("\n"));
  }

  /** For people. */
  public static List<String> text(QuorumDescription quorum) {
    var controller = quorum.controller();
    var lines =
        new ArrayList<>(
            new Table(
                    "CONTROLLER",
                    controller.isPresent() ? String.valueOf(controller.getAsInt()) : "none known")
                .row("term", quorum.term())
                .row("committed index", quorum.committedIndex())
                .lines());
    var members = new Table("NODE", "ROLE", "STATE", "INDEX", "LAG", "RAFT", "PEER");
    quorum
        .members()
        .forEach(member ->
            members.row(
                member.node(),
                role(quorum, member),
                member.state(),
                number(member.committedIndex()),
                number(member.lag()),
                member.raftAddress(),
                member.peerId()));
    lines.add("");
    lines.addAll(members.lines());
    return lines;
  }

  private static String role(QuorumDescription quorum, Member member) {
    if (!member.isVoter()) {
      return "listener";
    }
    boolean leads =
        quorum.controller().isPresent() && quorum.controller().getAsInt() == member.node();
    return leads ? "controller" : "voter";
  }

  private static String number(OptionalLong value) {
    return value.isPresent() ? Long.toString(value.getAsLong()) : "-";
  }
}
