package dev.naru.broker.rpc;

import com.google.protobuf.ByteString;
import dev.naru.broker.flow.HotKey;
import dev.naru.broker.flow.PartitionLoad;
import dev.naru.broker.flow.Rate;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.proto.admin.v1.ListPartitionLoadsRequest;
import dev.naru.proto.admin.v1.ListPartitionLoadsResponse;
import dev.naru.types.TopicId;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Tells what producers send to the partitions that this node leads. */
public final class PartitionLoads {

  private final Supplier<ClusterSnapshot> cluster;
  private final Supplier<List<PartitionLoad>> loads;
  private final HotKeyReports hotKeys;

  /** Tells of these, the busiest first, by the names that the cluster has for them. */
  public PartitionLoads(
      Supplier<ClusterSnapshot> cluster,
      Supplier<List<PartitionLoad>> loads,
      HotKeyReports hotKeys) {
    this.cluster = cluster;
    this.loads = loads;
    this.hotKeys = hotKeys;
  }

  /**
   * A page. The token is the place at which the next one begins: what was measured anew in between
   * may have another order, so that a partition may be told of twice or not at all.
   */
  ListPartitionLoadsResponse list(ListPartitionLoadsRequest request) {
    var image = cluster.get().image();
    var topic = topicOf(image, request.getTopic());
    var all =
        loads.get().stream()
            .filter(load -> topic.isEmpty() || load.id().topic().equals(topic.get()))
            .toList();
    int from =
        Paging.last(request.getPageToken(), PartitionLoads::place)
            .map(place -> Math.min(place, all.size()))
            .orElse(0);
    int to = Math.min(all.size(), from + Paging.limit(request.getPageSize()));
    var response = ListPartitionLoadsResponse.newBuilder();
    for (var load : all.subList(from, to)) {
      image
          .topic(load.id().topic())
          .map(TopicImage::name)
          .ifPresent(name -> response.addLoads(encode(name, load)));
    }
    return response.setNextPageToken(to < all.size() ? Paging.token(to) : "").build();
  }

  private static Optional<TopicId> topicOf(ClusterImage image, String resourceName) {
    return resourceName.isEmpty()
        ? Optional.empty()
        : Optional.of(NamedTopics.find(image, resourceName).id());
  }

  private static int place(String token) {
    int place = Integer.parseInt(token);
    if (place < 0) {
      throw new IllegalArgumentException(token);
    }
    return place;
  }

  private dev.naru.proto.admin.v1.PartitionLoad encode(String topic, PartitionLoad load) {
    return dev.naru.proto.admin.v1.PartitionLoad.newBuilder()
        .setTopic(TopicCodec.resourceName(topic))
        .setPartition(load.id().partition())
        .setMinute(encode(load.minute()))
        .setFiveMinutes(encode(load.fiveMinutes()))
        .addAllHotKeys(hotKeys.of(load.id()).stream().map(PartitionLoads::encode).toList())
        .build();
  }

  private static dev.naru.proto.admin.v1.HotKey encode(HotKey key) {
    var message =
        dev.naru.proto.admin.v1.HotKey.newBuilder().setHash(key.hash()).setShare(key.share());
    key.key().ifPresent(bytes -> message.setKey(ByteString.copyFrom(bytes.duplicate())));
    return message.build();
  }

  private static dev.naru.proto.admin.v1.Rate encode(Rate rate) {
    return dev.naru.proto.admin.v1.Rate.newBuilder()
        .setBytesPerSecond(rate.bytes())
        .setRecordsPerSecond(rate.records())
        .build();
  }
}
