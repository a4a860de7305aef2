package dev.naru.broker.coordinator;

import dev.naru.broker.group.MemberId;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which members have a stream now: one each, the newest. */
final class Attendance {

  private final IdentityHashMap<MemberStream, Attendant> byStream = new IdentityHashMap<>();
  private final Map<String, TreeMap<MemberId, Attendant>> byGroup = new HashMap<>();

  boolean isEmpty() {
    return byStream.isEmpty();
  }

  /** Whose stream this is; nobody's, once the member has another one. */
  Optional<Attendant> of(MemberStream stream) {
    return Optional.ofNullable(byStream.get(stream));
  }

  Optional<Attendant> of(String group, MemberId member) {
    return Optional.ofNullable(byGroup.get(group)).map(members -> members.get(member));
  }

  /** Those of the group, in the order of their ids. */
  Collection<Attendant> of(String group) {
    var members = byGroup.get(group);
    return members == null ? List.of() : List.copyOf(members.values());
  }

  /** Whether the member has a stream that is open. */
  boolean isAttended(String group, MemberId member) {
    return of(group, member).filter(known -> known.stream().isOpen()).isPresent();
  }

  /** A member has come; the stream that it had before ends. */
  void add(Attendant attendant) {
    of(attendant.group(), attendant.member())
        .ifPresent(old -> {
          remove(old);
          if (!old.isOn(attendant.stream())) {
            old.stream().complete();
          }
        });
    byStream.put(attendant.stream(), attendant);
    byGroup
        .computeIfAbsent(attendant.group(), group -> new TreeMap<>())
        .put(attendant.member(), attendant);
  }

  /** Its stream has ended, or is about to. That of its successor stays. */
  void remove(Attendant attendant) {
    byStream.remove(attendant.stream());
    var members = byGroup.get(attendant.group());
    if (members != null && members.remove(attendant.member(), attendant) && members.isEmpty()) {
      byGroup.remove(attendant.group());
    }
  }

  /** Ends all streams. */
  void refuseAll(Refused why) {
    var all = new ArrayList<MemberStream>();
    for (var members : new TreeMap<>(byGroup).values()) {
      members.values().forEach(attendant -> all.add(attendant.stream()));
    }
    byStream.clear();
    byGroup.clear();
    all.forEach(stream -> stream.refuse(why));
  }
}
