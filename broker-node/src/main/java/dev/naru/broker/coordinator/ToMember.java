package dev.naru.broker.coordinator;

import dev.naru.broker.group.Election;
import dev.naru.broker.group.Grant;
import dev.naru.broker.group.Opaque;
import dev.naru.types.TopicId;
import java.time.Duration;
import java.util.List;
import org.pcollections.TreePMap;

/** What a coordinator tells a member on its stream. */
public sealed interface ToMember {

  /** The join is taken; the next message says what the member may hold, or what it is to do. */
  record Accepted(int epoch, Duration heartbeatInterval) implements ToMember {}

  /**
   * All that the member may hold, in order. It takes the place of what was told before.
   *
   * @param names of the topics that occur
   */
  record Assignment(int epoch, List<Grant> grants, TreePMap<TopicId, String> names)
      implements ToMember {

    /** Keeps its own copy of the grants. */
    public Assignment {
      grants = List.copyOf(grants);
    }
  }

  /** This generation is over: the member is to give back everything and to join anew. */
  record Rejoin(int generation) implements ToMember {}

  /** The member is to say who reads what. */
  record Elected(Election election) implements ToMember {}

  /** What the member gets of this generation. */
  record Handed(int generation, String protocol, Opaque assignment) implements ToMember {}

  /** Nothing but that it was heard. */
  record Heard() implements ToMember {}
}
