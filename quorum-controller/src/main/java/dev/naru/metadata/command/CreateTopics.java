package dev.naru.metadata.command;

import java.util.List;

/**
 * Many topics at once: an entry of the log, and all that follows it on every node, costs the same
 * for one as for hundreds. Each is decided for itself, as if it came alone and after those before
 * it; those that are refused have no effect, and the others do. Whoever wants to know why one is
 * missing decides it once more on the image that this entry left.
 *
 * <p>The first that would make too many partitions for one entry has no effect either, and none
 * after it does: they are to be sent again.
 *
 * @param topics in this order
 */
public record CreateTopics(List<CreateTopic> topics) implements MetadataCommand {

  /** Most of them: with names of the longest kind they are a quarter of a MiB. */
  public static final int TOPICS_MAX = 1_000;

  /** Keeps its own copy. */
  public CreateTopics {
    topics = List.copyOf(topics);
  }
}
