package dev.naru.metadata.ratis;

import dev.naru.metadata.codec.CommandCodec;
import dev.naru.metadata.codec.Decoded;
import dev.naru.metadata.codec.NewerRulesException;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.machine.CommandVersion;
import dev.naru.metadata.machine.MetadataMachine;
import dev.naru.metadata.machine.Transition;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;

/** The command of one entry of the metadata log, and what it did to the image. */
record AppliedEntry(CommandEnvelope envelope, Transition transition) {

  /**
   * Applies the entry, on every node alike.
   *
   * @param known the newest metadata version of this release
   * @throws NewerRulesException if the entry cannot be read or needs newer rules
   */
  static AppliedEntry of(ClusterImage image, LogEntryProto entry, int known)
      throws NewerRulesException {
    CommandEnvelope envelope = decode(entry, known);
    if (CommandVersion.since(envelope.command()) > known) {
      throw NewerRulesException.of(
          "entry %d holds a %s"
              .formatted(entry.getIndex(), envelope.command().getClass().getSimpleName()),
          known);
    }
    Transition transition = MetadataMachine.apply(image, entry.getIndex(), envelope);
    if (transition.image().metadataVersion() > known) {
      throw NewerRulesException.inForce(transition.image().metadataVersion(), known);
    }
    return new AppliedEntry(envelope, transition);
  }

  private static CommandEnvelope decode(LogEntryProto entry, int known) throws NewerRulesException {
    var logged = LoggedCommand.decode(entry.getStateMachineLogEntry().getLogData());
    return switch (CommandCodec.decode(logged.command())) {
      case Decoded.Command(CommandEnvelope envelope) -> envelope;
      // Skipping it would make another image than that of a node that can read it.
      case Decoded.Unreadable(String reason) ->
          throw NewerRulesException.of(
              "entry %d cannot be read: %s".formatted(entry.getIndex(), reason), known);
    };
  }
}
