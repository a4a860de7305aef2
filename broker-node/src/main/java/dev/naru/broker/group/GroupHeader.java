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
 * @param interestEpoch when members, their subscriptions or the topics last changed, and with them
 *     what a target is computed from
 * @param targetEpoch the interest epoch that the present target answers
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
    int interestEpoch,
    int targetEpoch,
    long createdMillis,
    OptionalLong emptySinceMillis,
    TreePMap<TopicId, Integer> firstSeen,
    Optional<ClassicState> classic) {

  /** Of a group that is just being made. */
  static GroupHeader created(GroupProtocol protocol, long nowMillis) {
    return new GroupHeader(
        protocol, 0, 0, 0, nowMillis, OptionalLong.empty(), TreePMap.empty(), classic(protocol));
  }

  /** Whether the target answers an older question than the one there is now. */
  public boolean isTargetDue() {
    return protocol == GroupProtocol.NATIVE && interestEpoch > targetEpoch;
  }

  /** The round of a classic group; of a native one, a round that never begins. */
  ClassicState round() {
    return classic.orElse(ClassicState.UNBEGUN);
  }

  /** The same group, empty until now, under this protocol. */
  GroupHeader withProtocol(GroupProtocol changed) {
    return new GroupHeader(
        changed,
        epoch,
        interestEpoch,
        targetEpoch,
        createdMillis,
        emptySinceMillis,
        firstSeen,
        classic(changed));
  }

  GroupHeader withEpoch(int changed) {
    return new GroupHeader(
        protocol,
        changed,
        interestEpoch,
        targetEpoch,
        createdMillis,
        emptySinceMillis,
        firstSeen,
        classic);
  }

  GroupHeader withInterest(int changed) {
    return new GroupHeader(
        protocol, epoch, changed, targetEpoch, createdMillis, emptySinceMillis, firstSeen, classic);
  }

  /** The target answers all that was asked. */
  GroupHeader withTargetMade() {
    return new GroupHeader(
        protocol,
        epoch,
        interestEpoch,
        interestEpoch,
        createdMillis,
        emptySinceMillis,
        firstSeen,
        classic);
  }

  GroupHeader withEmptySince(OptionalLong changed) {
    return new GroupHeader(
        protocol, epoch, interestEpoch, targetEpoch, createdMillis, changed, firstSeen, classic);
  }

  GroupHeader withFirstSeen(TreePMap<TopicId, Integer> changed) {
    return new GroupHeader(
        protocol,
        epoch,
        interestEpoch,
        targetEpoch,
        createdMillis,
        emptySinceMillis,
        changed,
        classic);
  }

  GroupHeader withRound(ClassicState changed) {
    return new GroupHeader(
        protocol,
        epoch,
        interestEpoch,
        targetEpoch,
        createdMillis,
        emptySinceMillis,
        firstSeen,
        Optional.of(changed));
  }

  private static Optional<ClassicState> classic(GroupProtocol protocol) {
    return protocol == GroupProtocol.CLASSIC ? Optional.of(ClassicState.UNBEGUN) : Optional.empty();
  }
}
