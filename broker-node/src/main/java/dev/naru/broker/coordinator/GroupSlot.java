package dev.naru.broker.coordinator;

import dev.naru.broker.group.Cause;
import dev.naru.broker.group.GroupImage;
import dev.naru.broker.group.Member;
import dev.naru.broker.group.MemberId;
import dev.naru.broker.group.TopicsSeen;
import java.util.OptionalLong;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/** One group at its coordinator. */
final class GroupSlot {

  private final String group;
  private GroupImage image;
  private GroupImage committed;
  private long end;
  private long committedEnd;
  private TreePMap<MemberId, Member> subscribers = TreePMap.empty();
  private TreePSet<String> subscribed = TreePSet.empty();
  private TopicsSeen seen = TopicsSeen.NONE;
  private TreePSet<String> seenNames = TreePSet.empty();
  private OptionalLong dueSinceNanos = OptionalLong.empty();
  private Cause cause = Cause.LOADED;
  private boolean isComputing;

  /** A group of which nothing is known. */
  GroupSlot(String group) {
    this.group = group;
    this.image = GroupImage.empty(group);
    this.committed = image;
  }

  String group() {
    return group;
  }

  /** The group with all that was written: what the next command is decided by. */
  GroupImage image() {
    return image;
  }

  /** The group as far as it is committed: what others may hear of. */
  GroupImage committed() {
    return committed;
  }

  /** Where the last batch of this group ends. */
  long end() {
    return end;
  }

  /** This was read from the log that others wrote. */
  void load(GroupImage changed) {
    image = changed;
    committed = changed;
  }

  /** This was written, in a batch that ends here. */
  void write(GroupImage changed, long endOfBatch) {
    image = changed;
    end = endOfBatch;
  }

  /** What was written up to this image is committed, in a batch that ends here. */
  void commit(GroupImage reached, long endOfBatch) {
    committed = reached;
    committedEnd = endOfBatch;
  }

  /** Whether the log holds nothing of the group, and all that says so is committed. */
  boolean isEmpty() {
    return image.isEmpty() && committedEnd == end;
  }

  /** All names that its members want to read from. Looks at every member if one has changed. */
  @SuppressWarnings("ReferenceEquality") // the same map has the same members; to compare is to look
  TreePSet<String> subscribed() {
    if (subscribers != image.members()) {
      subscribers = image.members();
      subscribed = image.subscribed();
    }
    return subscribed;
  }

  /** The topics that its members want to read from. Looked up once for each image. */
  @SuppressWarnings("ReferenceEquality") // as above
  TopicsSeen seen(Topics topics) {
    var names = subscribed();
    if (names != seenNames || seen.imageIndex() != topics.index()) {
      seen = topics.seen(names);
      seenNames = names;
    }
    return seen;
  }

  /** The same, together with those of these names. */
  TopicsSeen seen(Topics topics, TreePSet<String> others) {
    return subscribed().containsAll(others)
        ? seen(topics)
        : topics.seen(subscribed().plusAll(others));
  }

  /** Why it is to share anew. */
  Cause cause() {
    return cause;
  }

  void cause(Cause why) {
    cause = why;
  }

  /** Since when a target is due. */
  OptionalLong dueSinceNanos() {
    return dueSinceNanos;
  }

  void dueSinceNanos(OptionalLong since) {
    dueSinceNanos = since;
  }

  /** Whether its target is being computed beside the loop. */
  boolean isComputing() {
    return isComputing;
  }

  void computing(boolean isOn) {
    isComputing = isOn;
  }
}
