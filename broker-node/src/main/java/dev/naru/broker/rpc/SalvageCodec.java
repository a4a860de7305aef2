package dev.naru.broker.rpc;

import com.google.protobuf.Timestamp;
import dev.naru.log.salvage.Manifest;
import dev.naru.log.salvage.SetAsideEntry;
import dev.naru.log.salvage.SetAsideEntry.Told;
import dev.naru.log.salvage.SetAsidePage.Piece;
import dev.naru.log.salvage.SetAsideReason;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.proto.admin.v1.SalvageClaim;
import dev.naru.proto.admin.v1.SalvageEntry;
import dev.naru.proto.admin.v1.SalvagePiece;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.Optional;

/** What was set aside as resources of the admin API, with the names that topics have now. */
final class SalvageCodec {

  /** Of a text in a manifest, which is a file: a page of entries has to fit into a message. */
  private static final int TEXT_MAX = 1_000;

  private final NodeId self;
  private final ClusterImage image;

  SalvageCodec(NodeId self, ClusterImage image) {
    this.self = self;
    this.image = image;
  }

  SalvageEntry encode(SalvageRef ref, SetAsideEntry entry) {
    var encoded =
        SalvageEntry.newBuilder()
            .setName(ref.name(self))
            .setReason(reason(entry.reason()))
            .setBytes(entry.bytes())
            .setFiles(entry.files());
    switch (entry.told()) {
      case Told.Known(var manifest) -> add(manifest, encoded);
      case Told.Unreadable(var reason) -> encoded.setUnreadable(cut(reason));
    }
    partitionOf(entry).ifPresent(partition -> add(partition, encoded));
    return encoded.build();
  }

  /** The manifest has a checksum, the name of a directory has none. */
  private static Optional<PartitionId> partitionOf(SetAsideEntry entry) {
    return entry.told() instanceof Told.Known(var manifest)
        ? Optional.of(manifest.partition())
        : entry.partition();
  }

  private static void add(Manifest manifest, SalvageEntry.Builder encoded) {
    encoded
        .setWhy(cut(manifest.why()))
        .setFromOffset(manifest.fromOffset())
        .setEpochs(cut(manifest.epochs()))
        .setCreateTime(
            Timestamp.newBuilder()
                .setSeconds(Math.floorDiv(manifest.timeMillis(), 1_000))
                .setNanos(Math.floorMod(manifest.timeMillis(), 1_000) * 1_000_000));
    manifest.end().ifPresent(encoded::setToOffset);
  }

  private void add(PartitionId partition, SalvageEntry.Builder encoded) {
    encoded.setTopicId(ProtoIds.uuid(partition.topic())).setPartition(partition.partition());
    image
        .topic(partition.topic())
        .map(TopicImage::name)
        .map(TopicCodec::resourceName)
        .ifPresent(encoded::setTopic);
  }

  private static String cut(String text) {
    return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX) + "…";
  }

  private static SalvageEntry.Reason reason(SetAsideReason reason) {
    return switch (reason) {
      case CUT_TAIL -> SalvageEntry.Reason.REASON_CUT_TAIL;
      case TORN_TAIL -> SalvageEntry.Reason.REASON_TORN_TAIL;
      case STARTED_OVER -> SalvageEntry.Reason.REASON_STARTED_OVER;
      case DAMAGED -> SalvageEntry.Reason.REASON_DAMAGED;
      case ABOVE_DAMAGE -> SalvageEntry.Reason.REASON_ABOVE_DAMAGE;
      case UNUSABLE -> SalvageEntry.Reason.REASON_UNUSABLE;
      case TOPIC_DELETED -> SalvageEntry.Reason.REASON_TOPIC_DELETED;
      case REPLICA_MOVED -> SalvageEntry.Reason.REASON_REPLICA_MOVED;
      case NOT_OURS -> SalvageEntry.Reason.REASON_NOT_OURS;
      case UNKNOWN -> SalvageEntry.Reason.REASON_UNKNOWN;
    };
  }

  static SalvagePiece encode(Piece piece) {
    var encoded =
        SalvagePiece.newBuilder()
            .setFile(piece.place().file())
            .setPosition(piece.place().position())
            .setFileSize(piece.fileBytes());
    return switch (piece) {
      case Piece.Batch(var _, var _, var bytes) -> encoded.setSize(bytes.size()).build();
      case Piece.Bad bad -> {
        bad.header()
            .ifPresent(header ->
                encoded.setClaim(
                    SalvageClaim.newBuilder()
                        .setBaseOffset(header.baseOffset())
                        .setRecordCount(header.recordCount())));
        yield encoded.setSize(bad.size()).setFault(bad.reason()).build();
      }
    };
  }
}
