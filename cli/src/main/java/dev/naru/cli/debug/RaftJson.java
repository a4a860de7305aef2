package dev.naru.cli.debug;

import dev.naru.cli.json.Json;
import dev.naru.metadata.codec.SnapshotCodec;
import dev.naru.metadata.ratis.InspectedEntry;
import dev.naru.metadata.ratis.InspectedEntry.Content;
import dev.naru.metadata.ratis.InspectedMetadata;
import dev.naru.metadata.ratis.LogPosition;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What a metadata directory holds, as objects for programs. */
public final class RaftJson {

  private RaftJson() {}

  /** All of it but the single entries of the log. */
  public static Json of(Path directory, InspectedMetadata found) {
    return Json.object()
        .with("directory", directory.toString())
        .with("clusterId", found.cluster().toString())
        .with("node", found.node().value())
        .with("peer", found.peer())
        .with("currentTerm", number(found.term()))
        .with("votedFor", Json.orNone(found.votedFor().map(Json::text)))
        .with("snapshot", position(found.snapshot()))
        .with(
            "log",
            Json.object()
                .with("first", position(found.first()))
                .with("last", position(found.last()))
                .with("committed", found.committed())
                .build())
        .with("faults", texts(found.faults().stream().map(Object::toString).toList()))
        .with("term", found.at().term())
        .with("index", found.at().index())
        .with("stateHash", SnapshotCodec.stateHash(found.image()))
        .with("image", RecordJson.of(found.image()))
        .build();
  }

  private static Json number(OptionalLong number) {
    return number.isPresent() ? Json.number(number.getAsLong()) : Json.none();
  }

  private static Json position(Optional<LogPosition> at) {
    return Json.orNone(at.map(RecordJson::of));
  }

  private static Json texts(List<String> texts) {
    return Json.array(texts.stream().map(Json::text));
  }

  /** One entry of the log. */
  public static Json of(InspectedEntry entry) {
    var fields = Json.object().with("index", entry.at().index()).with("term", entry.at().term());
    return switch (entry.content()) {
      case Content.Command(var envelope) ->
          fields
              .with("kind", "command")
              .with("submitter", envelope.submitter().value())
              .with("submitterEpoch", envelope.submitterEpoch().value())
              .with("sequence", envelope.sequence())
              .with("nowMillis", envelope.nowMillis())
              .with("principal", envelope.principal())
              .with("command", RecordJson.of((Record) envelope.command()))
              .build();
      case Content.Members(var voters, var listeners) ->
          fields
              .with("kind", "members")
              .with("voters", texts(voters))
              .with("listeners", texts(listeners))
              .build();
      case Content.Committed(long index) ->
          fields.with("kind", "committed").with("committed", index).build();
      case Content.Unreadable(String reason) ->
          fields.with("kind", "unreadable").with("message", reason).build();
    };
  }
}
