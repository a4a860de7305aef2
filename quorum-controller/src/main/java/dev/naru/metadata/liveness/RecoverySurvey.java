package dev.naru.metadata.liveness;

import dev.naru.metadata.command.LogAnswer;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** One round of questions to nodes, about some partitions, and what came back. */
public final class RecoverySurvey {

  private long startedNanos;
  private final TreeMap<PartitionId, LogQuestion> questions = new TreeMap<>();
  private final TreeMap<NodeId, List<LogQuestion>> asked = new TreeMap<>();
  private final TreeSet<NodeId> awaited = new TreeSet<>();
  private final TreeMap<PartitionId, List<LogAnswer>> answers = new TreeMap<>();

  /** About these partitions of this image, to all of their nodes that are unfenced. */
  public RecoverySurvey(ClusterImage image, List<PartitionId> partitions, long nowNanos) {
    startedNanos = nowNanos;
    for (var id : partitions) {
      var entry = image.partition(id);
      if (entry.isPresent()) {
        var question = new LogQuestion(id, entry.get().partitionEpoch());
        questions.put(id, question);
        entry.get().replicaNodes().stream()
            .filter(image::isEligible)
            .forEach(node -> asked.computeIfAbsent(node, _ -> new ArrayList<>()).add(question));
      }
    }
    awaited.addAll(asked.keySet());
  }

  /** What to ask of each node. */
  public Map<NodeId, List<LogQuestion>> asked() {
    return asked;
  }

  /** What the partitions' entries were when it began. */
  public Collection<LogQuestion> questions() {
    return questions.values();
  }

  /** The node has answered what it could, or will not answer. */
  public void answered(NodeId node, Map<PartitionId, LogAnswer> found) {
    if (awaited.remove(node)) {
      found.forEach((id, answer) -> {
        if (questions.containsKey(id) && answer.node().equals(node)) {
          answers.computeIfAbsent(id, _ -> new ArrayList<>()).add(answer);
        }
      });
    }
  }

  /** Whoever asks stood still for so long, and took no answer. */
  void paused(long nanos) {
    startedNanos += nanos;
  }

  /** Whether nothing more is to be expected. */
  public boolean isOver(long nowNanos, long nanosMax) {
    return awaited.isEmpty() || nowNanos - startedNanos >= nanosMax;
  }

  /** What was said of this partition. */
  public List<LogAnswer> answers(PartitionId id) {
    return answers.getOrDefault(id, List.of());
  }
}
