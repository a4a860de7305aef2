package dev.naru.metadata.codec;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.proto.internal.v1.SnapshotHeader;
import dev.naru.proto.internal.v1.SnapshotRecord;
import dev.naru.proto.internal.v1.SnapshotTrailer;
import dev.naru.proto.internal.v1.TopicRecord;
import dev.naru.types.NodeId;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import org.pcollections.TreePVector;

/** Reads one image from a sequence of records, and gives it out only if the checksum fits. */
final class SnapshotReader {

  private final CheckedInputStream in;
  private final int metadataVersionMax;
  private ClusterImage image = ClusterImage.empty("");
  private Optional<NodeId> node = Optional.empty();
  private Optional<TopicRecord> topic = Optional.empty();
  private Optional<UUID> operation = Optional.empty();
  private final List<PartitionImage> partitions = new ArrayList<>();
  private long records;

  SnapshotReader(InputStream in, int metadataVersionMax) {
    this.metadataVersionMax = metadataVersionMax;
    this.in = new CheckedInputStream(in, new CRC32C());
  }

  ClusterImage read() throws IOException {
    try {
      image = begun(next().getHeader());
      while (true) {
        long crc = in.getChecksum().getValue();
        var record = next();
        if (record.hasTrailer()) {
          checkEnd(record.getTrailer(), (int) crc);
          endTopic();
          return image;
        }
        take(record);
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IOException("Expected a record of a metadata snapshot, but " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new IOException("Expected a readable metadata snapshot: " + e.getMessage(), e);
    }
  }

  private SnapshotRecord next() throws IOException {
    var record = SnapshotRecord.parseDelimitedFrom(in);
    if (record == null) {
      throw new IOException(
          "Expected a whole metadata snapshot, but it ends after %d records".formatted(records));
    }
    records++;
    return record;
  }

  private ClusterImage begun(SnapshotHeader header) throws IOException {
    if (header.getMetadataVersion() > metadataVersionMax) {
      throw NewerRulesException.inForce(header.getMetadataVersion(), metadataVersionMax);
    }
    if (header.getFormat() != SnapshotWriter.FORMAT) {
      throw new IOException(
          "Expected a snapshot of format %d, but was %d"
              .formatted(SnapshotWriter.FORMAT, header.getFormat()));
    }
    var image =
        ClusterImage.empty(header.getClusterId())
            .initialized(header.getMetadataVersion(), Values.read(header.getDefaults()));
    return header.hasFinalized()
        ? image.finalized(header.getMetadataVersion(), ConfigMessages.origin(header.getFinalized()))
        : image;
  }

  private void take(SnapshotRecord record) {
    switch (record.getRecordCase()) {
      case NODE -> {
        var read = SnapshotParts.node(record.getNode());
        node = Optional.of(read.id());
        image = image.withNode(read);
      }
      case SUBMITTER ->
          image =
              image.withRecentOutcomes(
                  node.orElseThrow(() -> misplaced(record)),
                  SnapshotParts.recentOutcomes(record.getSubmitter()));
      case TOPIC -> {
        endTopic();
        topic = Optional.of(record.getTopic());
      }
      case PARTITION -> partitions.add(SnapshotParts.partition(record.getPartition()));
      case DELETED_TOPIC -> {
        var deleted = record.getDeletedTopic();
        var id = Values.readTopic(deleted.getTopicId());
        image = image.withDeletedTopics(image.deletedTopics().with(id, deleted.getIndex()));
      }
      case CLUSTER_CONFIG ->
          image =
              image.withClusterConfigs(
                  ConfigMessages.entries(record.getClusterConfig().getValuesList()));
      case NODE_CONFIG -> {
        var read = record.getNodeConfig();
        image =
            image.withNodeConfigs(
                new NodeId(read.getNode()), ConfigMessages.entries(read.getValuesList()));
      }
      case OPERATION -> {
        var read = OperationMessages.operation(record.getOperation());
        operation = Optional.of(read.id());
        image = image.withOperation(read);
      }
      case PLANNED_MOVE -> {
        var waiting = operation.flatMap(image::operation).orElseThrow(() -> misplaced(record));
        image =
            image.withOperation(OperationMessages.alsoWaiting(waiting, record.getPlannedMove()));
      }
      case HEADER, TRAILER, RECORD_NOT_SET -> throw misplaced(record);
    }
  }

  /** A topic is complete when something else follows its partitions. */
  private void endTopic() {
    if (topic.isPresent()) {
      var read = topic.get();
      image =
          image.withTopic(
              TopicImage.of(
                  Values.readTopic(read.getTopicId()),
                  read.getName(),
                  read.getCreatedMs(),
                  Values.read(read.getConfigsList()),
                  ConfigMessages.origins(read.getOriginsList()),
                  image.defaults(),
                  TreePVector.from(partitions)));
    }
    topic = Optional.empty();
    partitions.clear();
  }

  private void checkEnd(SnapshotTrailer trailer, int crc) throws IOException {
    if (trailer.getRecordCount() != records - 1 || trailer.getCrc() != crc) {
      throw new IOException(
          "Expected a metadata snapshot of %d records with checksum %08x, but were %d with %08x"
              .formatted(trailer.getRecordCount(), trailer.getCrc(), records - 1, crc));
    }
    if (in.read() != -1) {
      throw new IOException("Expected the end of a metadata snapshot, but more follows");
    }
  }

  private IllegalArgumentException misplaced(SnapshotRecord record) {
    return new IllegalArgumentException(
        "record %d is misplaced: %s".formatted(records, record.getRecordCase()));
  }
}
