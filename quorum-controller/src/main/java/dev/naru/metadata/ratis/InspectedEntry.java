package dev.naru.metadata.ratis;

import dev.naru.metadata.codec.CommandCodec;
import dev.naru.metadata.codec.Decoded;
import dev.naru.metadata.command.CommandEnvelope;
import java.util.List;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;

/** One entry of the metadata log as it lies in a file. */
public record InspectedEntry(LogPosition at, Content content) {

  /** What an entry can hold. */
  public sealed interface Content {

    /** A command, whatever came of it. */
    record Command(CommandEnvelope envelope) implements Content {}

    /** Raft's own: who votes and who listens from here on, as {@code peer@address}. */
    record Members(List<String> voters, List<String> listeners) implements Content {

      /** Copies the lists. */
      public Members {
        voters = List.copyOf(voters);
        listeners = List.copyOf(listeners);
      }
    }

    /** Raft's own: the log was committed up to this entry when it was written. */
    record Committed(long index) implements Content {}

    /** Nothing that this release can read, and why. */
    record Unreadable(String reason) implements Content {}
  }

  static InspectedEntry of(LogEntryProto entry) {
    return new InspectedEntry(new LogPosition(entry.getTerm(), entry.getIndex()), content(entry));
  }

  private static Content content(LogEntryProto entry) {
    return switch (entry.getLogEntryBodyCase()) {
      case STATEMACHINELOGENTRY -> command(entry);
      case CONFIGURATIONENTRY ->
          new Content.Members(
              peers(entry.getConfigurationEntry().getPeersList()),
              peers(entry.getConfigurationEntry().getListenersList()));
      case METADATAENTRY -> new Content.Committed(entry.getMetadataEntry().getCommitIndex());
      case LOGENTRYBODY_NOT_SET -> new Content.Unreadable("Expected a body, but there is none");
    };
  }

  private static Content command(LogEntryProto entry) {
    var data = entry.getStateMachineLogEntry().getLogData();
    if (!LoggedCommand.isReadable(data)) {
      return new Content.Unreadable(
          "Expected a term and a command, but were " + data.size() + " bytes");
    }
    return switch (CommandCodec.decode(LoggedCommand.decode(data).command())) {
      case Decoded.Command(CommandEnvelope envelope) -> new Content.Command(envelope);
      case Decoded.Unreadable(String reason) -> new Content.Unreadable(reason);
    };
  }

  private static List<String> peers(List<RaftPeerProto> peers) {
    return peers.stream()
        .map(peer -> peer.getId().toStringUtf8() + "@" + peer.getAddress())
        .toList();
  }
}
