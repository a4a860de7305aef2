package dev.naru.controller;

import dev.naru.metadata.command.LogAnswer;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.liveness.LogQuestion;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Asks a node what it holds of partitions that have no leader. */
@FunctionalInterface
public interface LogSurvey {

  /**
   * The answers, by partition; of those that the node cannot answer now there is none. Completes in
   * a bounded time, fails if the node was not reached. Must not block.
   */
  CompletableFuture<Map<PartitionId, LogAnswer>> ask(NodeImage node, List<LogQuestion> questions);
}
