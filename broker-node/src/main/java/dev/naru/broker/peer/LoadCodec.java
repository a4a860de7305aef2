package dev.naru.broker.peer;

import dev.naru.broker.rpc.ProtoIds;
import dev.naru.metadata.liveness.TopicLoad;
import java.util.List;

/** What heartbeats tell of topics, written and read. */
final class LoadCodec {

  private LoadCodec() {}

  static List<dev.naru.proto.internal.v1.TopicLoad> encode(List<TopicLoad> loads) {
    return loads.stream()
        .map(load ->
            dev.naru.proto.internal.v1.TopicLoad.newBuilder()
                .setTopicId(ProtoIds.uuid(load.topic()))
                .setPartitionsLed(load.partitionsLed())
                .setBytesPerSecond(load.bytesPerSecond())
                .setBusiestBytesPerSecond(load.busiestBytesPerSecond())
                .setBusiestPartition(load.busiestPartition())
                .build())
        .toList();
  }

  /** As many as one may tell of; the rest is left out. */
  static List<TopicLoad> decode(List<dev.naru.proto.internal.v1.TopicLoad> loads) {
    return loads.stream()
        .limit(TopicLoad.TOPICS_MAX)
        .flatMap(load ->
            ProtoIds.partition(load.getTopicId(), load.getBusiestPartition()).stream()
                .map(busiest ->
                    new TopicLoad(
                        busiest.topic(),
                        load.getPartitionsLed(),
                        load.getBytesPerSecond(),
                        load.getBusiestBytesPerSecond(),
                        busiest.partition())))
        .toList();
  }
}
