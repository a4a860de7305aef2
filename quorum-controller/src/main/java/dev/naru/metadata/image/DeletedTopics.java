package dev.naru.metadata.image;

import dev.naru.types.TopicId;
import org.pcollections.TreePMap;

/**
 * Ids of deleted topics: none of them may be used again, and a directory with such an id is known
 * to be rubbish. Bounded: the oldest deletion is forgotten first, which errs to the safe side. A
 * directory with a forgotten id is kept like any that the image does not explain, and the id itself
 * is 122 random bits that nobody draws a second time.
 *
 * @param byId the index of the metadata log at which each was deleted
 * @param byIndex the same, oldest first
 */
public record DeletedTopics(TreePMap<TopicId, Long> byId, TreePMap<Long, TopicId> byIndex) {

  /** At 100,000 they take some 3 MB of a snapshot: years of deletions, at fifty a day. */
  public static final int REMEMBERED_MAX = 100_000;

  public static final DeletedTopics NONE = new DeletedTopics(TreePMap.empty(), TreePMap.empty());

  public boolean contains(TopicId id) {
    return byId.containsKey(id);
  }

  /** Remembers one more; a command deletes one topic, so that indexes differ. */
  public DeletedTopics with(TopicId id, long index) {
    var more = new DeletedTopics(byId.plus(id, index), byIndex.plus(index, id));
    return more.byIndex.size() <= REMEMBERED_MAX ? more : more.withoutOldest();
  }

  private DeletedTopics withoutOldest() {
    var oldest = byIndex.firstEntry();
    return new DeletedTopics(byId.minus(oldest.getValue()), byIndex.minus(oldest.getKey()));
  }
}
