package dev.naru.client.fake;

import dev.naru.proto.v1.Accepted;
import dev.naru.proto.v1.AttendResponse;
import dev.naru.proto.v1.ClassicAssignment;
import dev.naru.proto.v1.ClassicCandidate;
import dev.naru.proto.v1.ClassicElected;
import dev.naru.proto.v1.ClassicSync;
import dev.naru.proto.v1.JoinGroup;
import dev.naru.proto.v1.Rejoin;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The rounds of a classic group: all come with empty hands, the one that came first assigns, and
 * each is handed its share. The group is its lock.
 */
final class FakeClassic {

  private final Map<UUID, Attending> members = new LinkedHashMap<>(); // first come first
  private int generation;
  private boolean isGathering = true;

  private static final class Attending {
    private final FakeMember member;
    private JoinGroup join;
    private boolean hasCome;
    private Optional<ClassicAssignment> share = Optional.empty();

    Attending(FakeMember member, JoinGroup join) {
      this.member = member;
      this.join = join;
    }
  }

  int generation() {
    return generation;
  }

  boolean isEmpty() {
    return members.isEmpty();
  }

  boolean has(UUID member) {
    return members.containsKey(member);
  }

  void join(FakeMember member, JoinGroup join, int heartbeatMillis) {
    var attending = members.computeIfAbsent(member.id(), id -> new Attending(member, join));
    boolean isOther = !attending.join.getClassicList().equals(join.getClassicList());
    attending.join = join;
    member.say(
        AttendResponse.newBuilder()
            .setAccepted(
                Accepted.newBuilder()
                    .setMemberEpoch(generation)
                    .setHeartbeatIntervalMs(heartbeatMillis)));
    if (join.getHoldingCount() > 0 && isOther) {
      gather();
      return;
    }
    if (join.getHoldingCount() > 0) {
      attending.share.ifPresent(share -> hand(attending, share));
      return;
    }
    if (!isGathering) {
      gather();
    }
    attending.hasCome = true;
    closeIfAllHere();
  }

  void leave(UUID member) {
    members.remove(member);
    if (!members.isEmpty()) {
      gather();
      closeIfAllHere();
    }
  }

  void gather() {
    isGathering = true;
    for (var each : members.values()) {
      each.hasCome = false;
      if (each.share.isPresent()) {
        each.member.say(
            AttendResponse.newBuilder().setRejoin(Rejoin.newBuilder().setGeneration(generation)));
      }
      each.share = Optional.empty();
    }
  }

  private void closeIfAllHere() {
    if (!isGathering || !members.values().stream().allMatch(each -> each.hasCome)) {
      return;
    }
    isGathering = false;
    generation++;
    var leader = members.values().iterator().next();
    var elected =
        ClassicElected.newBuilder()
            .setGeneration(generation)
            .setProtocol(leader.join.getClassic(0).getName());
    for (var each : members.values()) {
      elected.addMembers(
          ClassicCandidate.newBuilder()
              .setMember(each.join.getMember())
              .setMetadata(each.join.getClassic(0).getMetadata()));
    }
    leader.member.say(AttendResponse.newBuilder().setElected(elected));
  }

  void sync(ClassicSync sync) {
    if (isGathering || sync.getGeneration() != generation) {
      return;
    }
    for (var each : members.values()) {
      var share =
          ClassicAssignment.newBuilder()
              .setGeneration(generation)
              .setProtocol(each.join.getClassic(0).getName());
      sync.getSharesList().stream()
          .filter(one -> one.getMember().equals(each.join.getMember()))
          .forEach(one -> share.setAssignment(one.getAssignment()));
      each.share = Optional.of(share.build());
      hand(each, share.build());
    }
  }

  private static void hand(Attending to, ClassicAssignment share) {
    to.member.say(AttendResponse.newBuilder().setHanded(share));
  }
}
