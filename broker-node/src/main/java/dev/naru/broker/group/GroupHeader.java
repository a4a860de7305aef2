package dev.naru.broker.group;

import dev.naru.types.TopicId;
import java.util.Optional;
import java.util.OptionalLong;
import org.pcollections.TreePMap;

/**
 * What a group knows of itself, apart from its members and offsets.
 *
 * @param epoch rises by one with every command that adds a member or changes what one is allowed;
 *     of a classic group, its generation
 * @param createdMillis when it was first joined or committed for
 * @param emptySinceMillis when the last member went; absent while there are members, and in a group
 *     that never had any
 * @param firstSeen how many partitions each topic had when the group became interested in it: those
 *     that came later are read from their start
 * @param classic in a classic group only
 */
public record GroupHeader(
    GroupProtocol protocol,
    int epoch,
    Interest interest,
    long createdMillis,
    OptionalLong emptySinceMillis,
    TreePMap<TopicId, Integer> firstSeen,
    Optional<ClassicState> classic) {

  /** Of a group that is just being made. */
  static GroupHeader created(GroupProtocol protocol, long nowMillis) {
    return new GroupHeader(
        protocol,
        0,
        Interest.NONE,
        nowMillis,
        OptionalLong.empty(),
        TreePMap.empty(),
        classic(protocol));
  }

  /** When members, subscriptions or topics last changed. */
  public int interestEpoch() {
    return interest.epoch();
  }

  /** The interest epoch that the present target answers. */
  public int targetEpoch() {
    return interest.answered();
  }

  /** Whether the target answers an older question than the one there is now. */
  public boolean isTargetDue() {
    return protocol == GroupProtocol.NATIVE && interest.isDue();
  }

  /** The round of a classic group; of a native one, a round that never begins. */
  ClassicState round() {
    return classic.orElse(ClassicState.UNBEGUN);
  }

  /** The same group, empty until now, under this protocol. */
  GroupHeader withProtocol(GroupProtocol changed) {
    return new GroupHeader(
        changed, epoch, interest, createdMillis, emptySinceMillis, firstSeen, classic(changed));
  }

  GroupHeader withEpoch(int changed) {
    return new GroupHeader(
        protocol, changed, interest, createdMillis, emptySinceMillis, firstSeen, classic);
  }

  GroupHeader withInterest(Interest changed) {
    return new GroupHeader(
        protocol, epoch, changed, createdMillis, emptySinceMillis, firstSeen, classic);
  }

  GroupHeader withEmptySince(OptionalLong changed) {
    return new GroupHeader(protocol, epoch, interest, createdMillis, changed, firstSeen, classic);
  }

  GroupHeader withFirstSeen(TreePMap<TopicId, Integer> changed) {
    return new GroupHeader(
        protocol, epoch, interest, createdMillis, emptySinceMillis, changed, classic);
  }

  GroupHeader withRound(ClassicState changed) {
    return new GroupHeader(
        protocol,
        epoch,
        interest,
        createdMillis,
        emptySinceMillis,
        firstSeen,
        Optional.of(changed));
  }

  private static Optional<ClassicState> classic(GroupProtocol protocol) {
    return protocol == GroupProtocol.CLASSIC ? Optional.of(ClassicState.UNBEGUN) : Optional.empty();
  }
}
