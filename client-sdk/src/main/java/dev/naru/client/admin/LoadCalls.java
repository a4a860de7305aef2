package dev.naru.client.admin;

import dev.naru.client.NaruException;
import dev.naru.client.TopicPartition;
import dev.naru.client.transport.NodeCalls;
import dev.naru.proto.admin.v1.ListPartitionLoadsRequest;
import dev.naru.proto.admin.v1.Rate;
import dev.naru.types.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Asks nodes what producers send to the partitions that they lead: each knows only its own. */
final class LoadCalls {

  private static final int PAGE_SIZE = 1000; // the most that a node returns
  private static final int PAGES_MAX = 100; // no node leads a hundred thousand partitions

  private final NodeCalls calls;

  LoadCalls(NodeCalls calls) {
    this.calls = calls;
  }

  /**
   * All at once: one that is dead costs its time only once.
   *
   * @param topic empty: of all topics
   */
  CompletableFuture<LoadListing> ask(List<NodeDescription> nodes, String topic, long untilNanos) {
    var answers = nodes.stream().map(node -> ask(node, topic, untilNanos)).toList();
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .thenApply(all -> {
          var told = new ArrayList<PartitionLoad>();
          var unheard = new TreeMap<Integer, NaruException>();
          for (var answer : answers) {
            told.addAll(answer.join().told);
            answer.join().fault.ifPresent(why -> unheard.put(answer.join().node, why));
          }
          return LoadListing.of(told, unheard);
        });
  }

  /** What one node told, also if it did not come to its end. */
  private record Answer(int node, List<PartitionLoad> told, Optional<NaruException> fault) {}

  /** Page after page: the callbacks of one node come one after the other. */
  private CompletableFuture<Answer> ask(NodeDescription node, String topic, long untilNanos) {
    var told = new ArrayList<PartitionLoad>();
    return pagesFrom(node, topic, "", 1, untilNanos, told)
        .thenApply(all -> new Answer(node.id(), told, Optional.empty()))
        .exceptionally(
            failure -> new Answer(node.id(), told, Optional.of(Salvage.reason(failure))));
  }

  private CompletableFuture<Void> pagesFrom(
      NodeDescription node,
      String topic,
      String page,
      int number,
      long untilNanos,
      List<PartitionLoad> told) {
    if (number > PAGES_MAX) {
      return CompletableFuture.failedFuture(
          new NaruException(
              ErrorCode.LIMIT_EXCEEDED,
              "Expected at most "
                  + PAGES_MAX * PAGE_SIZE
                  + " partitions of a node, but there are more"));
    }
    var request =
        ListPartitionLoadsRequest.newBuilder()
            .setTopic(topic.isEmpty() ? "" : Descriptions.topicResource(topic))
            .setPageSize(PAGE_SIZE)
            .setPageToken(page)
            .build();
    return calls
        .listPartitionLoads(node.clientAddress(), request, untilNanos)
        .thenCompose(answer -> {
          answer.getLoadsList().forEach(load -> told.add(load(node, load)));
          return answer.getNextPageToken().isEmpty()
              ? CompletableFuture.completedFuture(null)
              : pagesFrom(node, topic, answer.getNextPageToken(), number + 1, untilNanos, told);
        });
  }

  private static PartitionLoad load(
      NodeDescription node, dev.naru.proto.admin.v1.PartitionLoad load) {
    return new PartitionLoad(
        new TopicPartition(Descriptions.topicOf(load.getTopic()), load.getPartition()),
        node.id(),
        rate(load.getMinute()),
        rate(load.getFiveMinutes()),
        load.getHotKeysList().stream().map(LoadCalls::hotKey).toList());
  }

  private static HotKey hotKey(dev.naru.proto.admin.v1.HotKey key) {
    return new HotKey(
        key.getHash(),
        key.hasKey() ? Optional.of(key.getKey().asReadOnlyByteBuffer()) : Optional.empty(),
        key.getShare());
  }

  private static TrafficRate rate(Rate rate) {
    return new TrafficRate(rate.getBytesPerSecond(), rate.getRecordsPerSecond());
  }
}
