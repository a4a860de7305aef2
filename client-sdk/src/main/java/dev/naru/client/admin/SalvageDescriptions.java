package dev.naru.client.admin;

import dev.naru.client.NaruException;
import dev.naru.client.admin.SalvagePage.Bad;
import dev.naru.client.admin.SalvagePage.Batch;
import dev.naru.client.admin.SalvagePage.Claim;
import dev.naru.client.admin.SalvagePage.Content;
import dev.naru.client.admin.SalvagePage.Piece;
import dev.naru.proto.admin.v1.ReadSalvageResponse;
import dev.naru.proto.admin.v1.SalvageEntry.Reason;
import dev.naru.proto.admin.v1.SalvagePiece;
import dev.naru.record.BatchBytes;
import dev.naru.record.BatchCheck;
import dev.naru.types.ErrorCode;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/** From the messages about what was set aside to the records that applications see. */
final class SalvageDescriptions {

  private static final String TOPICS = "topics/";

  private SalvageDescriptions() {}

  static SalvageEntry entry(NodeDescription node, dev.naru.proto.admin.v1.SalvageEntry entry) {
    var id = entry.getTopicId();
    var time = entry.getCreateTime();
    return new SalvageEntry(
        entry.getName(),
        node.id(),
        node.clientAddress(),
        entry.hasTopicId() ? Optional.of(new UUID(id.getHigh(), id.getLow())) : Optional.empty(),
        text(entry.getTopic())
            .map(name -> name.startsWith(TOPICS) ? name.substring(TOPICS.length()) : name),
        entry.hasTopicId() ? OptionalInt.of(entry.getPartition()) : OptionalInt.empty(),
        reason(entry.getReason()),
        entry.getWhy(),
        new SalvageEntry.Offsets(
            entry.hasFromOffset() ? OptionalLong.of(entry.getFromOffset()) : OptionalLong.empty(),
            entry.hasToOffset() ? OptionalLong.of(entry.getToOffset()) : OptionalLong.empty()),
        entry.getEpochs(),
        entry.hasCreateTime()
            ? Optional.of(Instant.ofEpochSecond(time.getSeconds(), time.getNanos()))
            : Optional.empty(),
        entry.getBytes(),
        entry.getFiles(),
        text(entry.getUnreadable()));
  }

  private static Optional<String> text(String value) {
    return value.isEmpty() ? Optional.empty() : Optional.of(value);
  }

  /** A reason that this release does not know explains nothing to it. */
  private static SalvageReason reason(Reason reason) {
    return switch (reason) {
      case REASON_CUT_TAIL -> SalvageReason.CUT_TAIL;
      case REASON_TORN_TAIL -> SalvageReason.TORN_TAIL;
      case REASON_STARTED_OVER -> SalvageReason.STARTED_OVER;
      case REASON_DAMAGED -> SalvageReason.DAMAGED;
      case REASON_ABOVE_DAMAGE -> SalvageReason.ABOVE_DAMAGE;
      case REASON_UNUSABLE -> SalvageReason.UNUSABLE;
      case REASON_TOPIC_DELETED -> SalvageReason.TOPIC_DELETED;
      case REASON_REPLICA_MOVED -> SalvageReason.REPLICA_MOVED;
      case REASON_NOT_OURS -> SalvageReason.NOT_OURS;
      case REASON_UNKNOWN, REASON_UNSPECIFIED, UNRECOGNIZED -> SalvageReason.UNKNOWN;
    };
  }

  static SalvagePage page(ReadSalvageResponse answer) {
    var pieces = new ArrayList<Piece>();
    byte[] all = answer.getBatches().toByteArray();
    int at = 0;
    for (var piece : answer.getPiecesList()) {
      boolean isSound = piece.getFault().isEmpty();
      if (isSound && (piece.getSize() < 1 || piece.getSize() > all.length - at)) {
        throw new NaruException(
            ErrorCode.INTERNAL,
            "Expected %d bytes of a batch in the answer, but %d are left"
                .formatted(piece.getSize(), all.length - at));
      }
      var content = isSound ? batch(all, at, (int) piece.getSize()) : bad(piece);
      at += isSound ? (int) piece.getSize() : 0;
      pieces.add(
          new Piece(
              piece.getFile(), piece.getFileSize(), piece.getPosition(), piece.getSize(), content));
    }
    return new SalvagePage(pieces, text(answer.getNextPageToken()));
  }

  /** Checked once more, because what comes of it is written for good. */
  private static Content batch(byte[] all, int from, int size) {
    var bytes = BatchBytes.of(ByteBuffer.wrap(all, from, size));
    var wrong = BatchCheck.frame(bytes, size).or(() -> BatchCheck.checksum(bytes));
    return wrong.isEmpty() ? new Batch(bytes) : new Bad(wrong.get().reason(), Optional.empty());
  }

  private static Content bad(SalvagePiece piece) {
    return new Bad(
        piece.getFault(),
        piece.hasClaim()
            ? Optional.of(
                new Claim(piece.getClaim().getBaseOffset(), piece.getClaim().getRecordCount()))
            : Optional.empty());
  }
}
