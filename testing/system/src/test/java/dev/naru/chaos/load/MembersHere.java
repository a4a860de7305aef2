package dev.naru.chaos.load;

import dev.naru.client.NaruClient;
import dev.naru.client.TopicPartition;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Members in this process. Any thread may call it. */
public final class MembersHere implements MemberHost {

  private final MemberRole role;
  private final NaruClient client;
  private final Function<String, Recorder> recorders;
  private final Progress progress;
  private final Map<String, GroupMember> members = new TreeMap<>(); // guarded by this

  /**
   * None at first.
   *
   * @param recorders makes the recorder of a member of this name
   */
  public MembersHere(
      MemberRole role, NaruClient client, Function<String, Recorder> recorders, Progress progress) {
    this.role = role;
    this.client = client;
    this.recorders = recorders;
    this.progress = progress;
  }

  @Override
  public synchronized void start(String name, Optional<String> instance) {
    members.put(
        name, GroupMember.begin(name, role, client, instance, recorders.apply(name), progress));
  }

  @Override
  public void stop(String name) {
    var member = removed(name);
    if (member == null) {
      throw new IllegalArgumentException("Expected a member " + name + ", but there is none");
    }
    member.close();
  }

  private synchronized @Nullable GroupMember removed(String name) {
    return members.remove(name);
  }

  @Override
  public synchronized void readMore(String name) {
    Optional.ofNullable(members.get(name)).ifPresent(GroupMember::readMore);
  }

  @Override
  public synchronized Map<String, Set<TopicPartition>> holds() {
    var holds = new TreeMap<String, Set<TopicPartition>>();
    members.forEach((name, member) -> holds.put(name, member.assigned()));
    return holds;
  }

  @Override
  public void close() {
    holds().keySet().forEach(this::stop);
  }
}
