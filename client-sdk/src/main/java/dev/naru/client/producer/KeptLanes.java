package dev.naru.client.producer;

import dev.naru.types.TopicId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The lanes of topics that this producer has used and that are no longer in the cache: idle ones,
 * mostly. A topic that comes back has to find its lanes as they were. With others, what it is sent
 * would overtake what is still on its way; and their numbers would begin anew, and be taken for
 * those of records that are stored: acknowledged and lost.
 */
final class KeptLanes {

  /** A kilobyte each. */
  private static final int LANES_MAX = 100_000;

  private final int most;
  private final Map<TopicId, List<Lane>> lanes = new LinkedHashMap<>(); // eldest first
  private int count;

  KeptLanes() {
    this(LANES_MAX);
  }

  /** Keeps about so many. */
  KeptLanes(int most) {
    this.most = most;
  }

  /**
   * Keeps these. On the loop.
   *
   * @return whether idle ones were forgotten for them: what is made in their place may not begin
   *     with the numbers that they began with
   */
  synchronized boolean keep(TopicId topic, List<Lane> unused) {
    lanes.put(topic, unused);
    count += unused.size();
    int before = count;
    var eldest = lanes.entrySet().iterator();
    while (count > most && eldest.hasNext()) {
      var each = eldest.next();
      if (!each.getKey().equals(topic) && each.getValue().stream().allMatch(Lane::isIdle)) {
        count -= each.getValue().size();
        eldest.remove();
      }
    }
    return count < before;
  }

  /** Those of a topic that is in use again; empty if there are none. */
  synchronized List<Lane> take(TopicId topic) {
    var found = lanes.remove(topic);
    if (found == null) {
      return List.of();
    }
    count -= found.size();
    return found;
  }

  /** All of them. */
  synchronized List<Lane> all() {
    var all = new ArrayList<Lane>();
    lanes.values().forEach(all::addAll);
    return all;
  }
}
