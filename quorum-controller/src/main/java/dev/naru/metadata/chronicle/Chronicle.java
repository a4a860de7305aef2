package dev.naru.metadata.chronicle;

import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.machine.Transition;
import java.util.List;

/**
 * Tells what applying a command changed, and why: a pure function of the metadata log, so that
 * every node tells the same under the same ids, and what was told can be told again by reading the
 * log again.
 *
 * <p>It compares the image before with the one after, in what the command touched: each change has
 * one event, whatever happened on the way to it, and without a change there is none. It takes time
 * in proportion to what happened, on the thread that applies, and writes no text.
 *
 * <p>Which events a command has, and in which order, is a rule of the metadata version in the image
 * after it, as the machine's own rules are: while releases roll, both tell the same log, and an id
 * that meant another event at one of them would be read twice or never by whoever changes nodes. A
 * release that tells more, or in another order, does so under a later version only. Words, causes
 * and fields may change: ids do not depend on them.
 */
public final class Chronicle {

  private Chronicle() {}

  /**
   * The events of one entry, causes before their effects.
   *
   * @param before the image that the command was applied to
   * @param index of the entry in the metadata log
   */
  public static List<ClusterEvent> of(
      ClusterImage before, long index, CommandEnvelope envelope, Transition transition) {
    if (transition.events().isEmpty()) {
      return List.of();
    }
    var entry = new EntryEvents(index, envelope.nowMillis(), Trigger.of(before, envelope));
    var touched = Touched.by(transition.events());
    var after = transition.image();
    ConfigChronicle.tell(before, after, touched, entry);
    NodeChronicle.tell(before, after, touched.nodes(), entry);
    TopicChronicle.tell(before, after, touched.topics(), entry);
    PartitionChronicle.tell(before, after, touched.partitions(), entry);
    OperationChronicle.tell(before, after, touched.operations(), entry);
    return entry.all();
  }
}
