package dev.naru.broker.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.group.Decision.Accepted;
import dev.naru.broker.group.Decision.Refusal;
import dev.naru.broker.group.GroupCommand.Computed;
import dev.naru.broker.group.GroupCommand.Expire;
import dev.naru.broker.group.GroupCommand.ForgetOffsets;
import dev.naru.broker.group.GroupCommand.ForgetTopics;
import dev.naru.broker.group.GroupCommand.Retarget;
import dev.naru.broker.group.GroupEvent.MemberGone;
import dev.naru.broker.group.GroupEvent.MemberSet;
import dev.naru.broker.group.GroupEvent.OffsetSet;
import dev.naru.broker.group.ModelMember.Sent;
import dev.naru.broker.group.ModelMember.Told;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.pcollections.TreePSet;

/**
 * A native group whose members, messages and coordinator's timers do as they like. Checked with
 * every step: the claims on the image; that no two members believe to read one partition; that
 * every commit that is taken was sent under the grant there is; that no honest member is fenced
 * which is still a member.
 */
final class GroupModel {

  private static final int STEPS = 400;
  private static final Duration RETENTION = Duration.ofMinutes(1);
  private static final List<String> NAMES = List.of("a", "b", "c");

  private final RandomGenerator random;
  private final TestGroup group;
  private final List<ModelMember> members = new ArrayList<>();
  private final List<Sent> commits = new ArrayList<>();
  private final TreeMap<PartitionId, Long> offsets = new TreeMap<>();
  private Optional<Retarget> slow = Optional.empty();
  private int drawn;
  private long offset;

  GroupModel(GroupRules rules, RandomGenerator random) {
    this.random = random;
    group = new TestGroup(rules).topic("a", 3).topic("b", 5);
  }

  TestGroup run() {
    for (int i = 0; i < STEPS; i++) {
      step();
      checkReaders();
    }
    settle();
    return group;
  }

  private void step() {
    switch (random.nextInt(24)) {
      case 0, 1 -> join();
      case 2, 3, 4, 5 -> pick(ModelMember::hasMail).ifPresent(ModelMember::read);
      case 6, 7, 8, 9 -> pick(ModelMember::hasSomethingToSay).ifPresent(this::hear);
      case 10, 11 -> pick(member -> true).ifPresent(this::reconnect);
      case 12 -> pick(member -> true).ifPresent(this::beginAnew);
      case 13 -> pick(member -> true).ifPresent(this::die);
      case 14 -> pick(member -> true).ifPresent(this::leave);
      case 15 -> group.image().members().keySet().stream().findFirst().ifPresent(this::expireAway);
      case 16 -> pick(member -> true).ifPresent(this::subscribe);
      case 17, 18 -> pick(member -> true).ifPresent(this::sendCommit);
      case 19, 20 -> deliverCommit();
      case 21 -> changeTopics();
      case 22 -> retarget();
      default -> forget();
    }
  }

  private void join() {
    var joining = Joining.of(MemberId.of(0, ++drawn), names());
    if (random.nextInt(3) == 0) {
      joining = joining.instance("i" + random.nextInt(3));
    }
    var instance = joining.profile().instance();
    boolean isAlive =
        members.stream()
            .anyMatch(member ->
                member.joining().profile().instance().equals(instance) && instance.isPresent());
    if (isAlive) {
      assertThat(submit(joining.whileAttended().command(group.topics(), group.nowMillis())))
          .isInstanceOf(Refusal.class);
      return;
    }
    var member = new ModelMember(joining);
    members.add(member);
    come(member, joining);
  }

  private void reconnect(ModelMember member) {
    member.disconnect();
    if (member.epoch() == 0) {
      beginAnew(member);
      return;
    }
    var reading = member.reading().toArray(PartitionId[]::new);
    come(member, member.joining().knowing(member.epoch(), reading));
  }

  private void beginAnew(ModelMember member) {
    member.drop();
    come(member, member.joining());
  }

  private void come(ModelMember member, Joining joining) {
    var decision = submit(joining.command(group.topics(), group.nowMillis()));
    assertThat(decision).as("of an honest member").isInstanceOf(Accepted.class);
    tell(member);
  }

  private void hear(ModelMember member) {
    assertThat(submit(member.say())).as("of an honest member").isInstanceOf(Accepted.class);
  }

  /** Its process ends; much later the coordinator notices. What it sent before may still arrive. */
  private void die(ModelMember member) {
    members.remove(member);
    if (random.nextBoolean()) {
      submit(new Expire(member.id(), Cause.SESSION_TIMEOUT, group.topics(), group.nowMillis()));
    } else {
      submit(group.goAway((int) member.id().value().getLeastSignificantBits()));
    }
  }

  private void leave(ModelMember member) {
    members.remove(member);
    submit(group.leave((int) member.id().value().getLeastSignificantBits()));
  }

  private void expireAway(MemberId id) {
    if (members.stream().noneMatch(member -> member.id().equals(id))) {
      submit(new Expire(id, Cause.LEAVE_DELAY_OVER, group.topics(), group.nowMillis()));
    }
  }

  private void subscribe(ModelMember member) {
    var names = names();
    member.wants(names);
    assertThat(submit(group.subscribe((int) member.id().value().getLeastSignificantBits(), names)))
        .isInstanceOf(Accepted.class);
  }

  private void sendCommit(ModelMember member) {
    commits.add(member.commit(++offset));
  }

  private void deliverCommit() {
    if (commits.isEmpty()) {
      return;
    }
    var sent = commits.remove(random.nextInt(commits.size()));
    var before = group.image();
    if (submit(sent.commit()) instanceof Accepted(var events, var refused)) {
      for (var event : events) {
        if (event instanceof OffsetSet(var partition, var committed)) {
          var hold =
              before.member(sent.commit().member().orElseThrow()).orElseThrow().hold(partition);
          assertThat(hold.map(Hold::grantedEpoch))
              .as("grant under which %s was read", partition)
              .contains(sent.grants().get(partition));
          offsets.put(partition, committed.offset());
        }
      }
    }
  }

  private void changeTopics() {
    var name = NAMES.get(random.nextInt(NAMES.size()));
    var topic = group.topics().named(name);
    boolean isDeleted = topic.isPresent() && random.nextInt(3) == 0;
    if (isDeleted) {
      group.withoutTopic(name);
    } else if (topic.isPresent()) {
      group.topic(name, TopicSeen.of(topic.get().id(), topic.get().partitions() + 1, 0));
    } else {
      group.topic(
          name, TopicSeen.of(TopicId.of(++drawn, name.charAt(0)), 1 + random.nextInt(4), 0));
    }
    submit(new Retarget(Cause.TOPICS_CHANGED, group.topics(), Optional.empty()));
    if (isDeleted) {
      var dead = topic.get().id();
      submit(new ForgetTopics(TreePSet.singleton(dead)));
      offsets.keySet().removeIf(partition -> partition.topic().equals(dead));
    }
  }

  /** At once, or by a computation that takes until the next time. */
  private void retarget() {
    if (slow.isPresent()) {
      if (slow.get().topics().equals(group.topics())) {
        submit(slow.get());
      }
      slow = Optional.empty();
    } else if (random.nextBoolean()) {
      submit(new Retarget(Cause.JOINED, group.topics(), Optional.empty()));
    } else {
      var image = group.image();
      slow =
          image
              .header()
              .map(header ->
                  new Retarget(
                      Cause.JOINED,
                      group.topics(),
                      Optional.of(
                          new Computed(
                              GroupMachine.target(image, group.topics()),
                              header.interestEpoch()))));
    }
  }

  private void forget() {
    group.pass(RETENTION.toMillis() / 2);
    boolean hadMembers = group.image().hasMembers();
    submit(new ForgetOffsets(RETENTION, group.nowMillis()));
    if (!hadMembers) {
      offsets.keySet().retainAll(group.image().offsets().keySet());
    }
  }

  /** Decides, tells who is concerned, and checks all that must hold. */
  private Decision submit(GroupCommand command) {
    var before = group.image();
    var decision = group.submit(command);
    if (decision instanceof Accepted(var events, var refused)) {
      events.forEach(event -> tell(before, event));
    }
    GroupClaims.check(group.image(), group.topics());
    GroupClaims.checkSuccession(before, group.image());
    return decision;
  }

  private void tell(GroupImage before, GroupEvent event) {
    if (event instanceof MemberSet(var changed)) {
      int known = before.member(changed.id()).map(Member::epoch).orElse(0);
      if (changed.epoch() != known) {
        members.stream().filter(member -> member.id().equals(changed.id())).forEach(this::tell);
      }
    } else if (event instanceof MemberGone(var id)) {
      assertThat(members).as("members that live").noneMatch(member -> member.id().equals(id));
    }
  }

  private void tell(ModelMember member) {
    var epoch = group.image().member(member.id()).orElseThrow().epoch();
    member.tell(new Told(epoch, group.image().told(member.id())));
  }

  private void checkReaders() {
    var readers = new TreeMap<PartitionId, MemberId>();
    for (var member : members) {
      for (var partition : member.reading()) {
        assertThat(readers.put(partition, member.id()))
            .as("other reader of %s", partition)
            .isNull();
        assertThat(group.image().holderOf(partition))
            .as("who is known to read %s", partition)
            .contains(member.id());
      }
    }
    var known = new TreeMap<PartitionId, Long>();
    group
        .image()
        .offsets()
        .forEach((partition, committed) -> known.put(partition, committed.offset()));
    assertThat(known).as("all that was ever committed").isEqualTo(offsets);
  }

  /** Nothing more happens, and everybody does as it is told. */
  private void settle() {
    group.image().members().keySet().stream().toList().forEach(this::expireAway);
    submit(new Retarget(Cause.JOINED, group.topics(), Optional.empty()));
    while (members.stream().anyMatch(member -> member.hasMail() || member.hasSomethingToSay())) {
      for (var member : members) {
        while (member.hasMail()) {
          member.read();
        }
        while (member.hasSomethingToSay()) {
          hear(member);
        }
        checkReaders();
      }
    }
    GroupClaims.checkSettled(group.image(), group.topics());
    for (var member : members) {
      assertThat(member.reading())
          .isEqualTo(group.image().member(member.id()).orElseThrow().target());
    }
  }

  private Optional<ModelMember> pick(Predicate<ModelMember> which) {
    var candidates = members.stream().filter(which).toList();
    return candidates.isEmpty()
        ? Optional.empty()
        : Optional.of(candidates.get(random.nextInt(candidates.size())));
  }

  private String[] names() {
    return NAMES.stream().filter(name -> random.nextInt(3) > 0).toArray(String[]::new);
  }
}
