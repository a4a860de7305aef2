package dev.naru.broker.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.group.Decision.Accepted;
import dev.naru.broker.group.Decision.Refusal;
import dev.naru.broker.group.GroupCommand.DeleteOffsets;
import dev.naru.broker.group.GroupCommand.Expire;
import dev.naru.broker.group.GroupCommand.ForgetOffsets;
import dev.naru.broker.group.GroupCommand.ForgetTopics;
import dev.naru.broker.group.GroupCommand.Retarget;
import dev.naru.broker.group.GroupEvent.HoldingsGone;
import dev.naru.broker.group.GroupEvent.HoldingsSet;
import dev.naru.broker.group.GroupEvent.OffsetSet;
import dev.naru.broker.group.ModelMember.Line;
import dev.naru.broker.group.ModelMember.Said;
import dev.naru.broker.group.ModelMember.Sent;
import dev.naru.broker.group.ModelMember.Told;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * A native group whose members, streams and coordinator's timers do as they like: whatever a member
 * says arrives in the order of its stream, but at any time, also after it has given the stream up
 * and come back on others, or has died. A member that is silent has stopped before it is taken out.
 *
 * <p>Checked with every step: the claims on the image; that no two members believe to read one
 * partition; that every commit that is taken was sent under the grant there is; that no honest
 * member is fenced on its newest stream which is still a member.
 */
final class GroupModel {

  private static final int STEPS = 500;
  private static final int MANY = GroupLimits.PARTITIONS_AT_ONCE_MAX;
  private static final Duration RETENTION = Duration.ofMinutes(1);
  private static final List<String> NAMES = List.of("a", "b", "c");

  private final RandomGenerator random;
  private final boolean isLarge;
  private final TestGroup group;
  private final List<ModelMember> members = new ArrayList<>();
  private final List<Line> lines = new ArrayList<>();
  private final TreeMap<MemberId, Line> attended = new TreeMap<>();
  private final List<Sent> commits = new ArrayList<>();
  private final TreeMap<PartitionId, Long> offsets = new TreeMap<>();
  private Optional<Retarget> slow = Optional.empty();
  private TopicsSeen older = TopicsSeen.NONE; // as a coordinator may see them that is new
  private int drawn;
  private long offset;

  /** One in ten groups reads so many partitions at times that its targets take their time. */
  GroupModel(GroupRules rules, RandomGenerator random) {
    this.random = random;
    isLarge = random.nextInt(10) == 0;
    group = new TestGroup(rules).topic("a", 3).topic("b", 5);
  }

  TestGroup run() {
    for (int i = 0; i < (isLarge ? STEPS / 5 : STEPS); i++) {
      step();
      checkReaders();
    }
    settle();
    return group;
  }

  private void step() {
    switch (random.nextInt(27)) {
      case 0, 1 -> join();
      case 2, 3, 4, 5 -> pick(ModelMember::hasMail).ifPresent(ModelMember::read);
      case 6, 7, 8, 9, 10, 11 -> hearSomebody();
      case 12, 13 -> pick(member -> true).ifPresent(this::connect);
      case 14 -> pick(member -> true).ifPresent(this::loseLease);
      case 15 -> pick(member -> true).ifPresent(this::die);
      case 16 -> pick(member -> true).ifPresent(this::leave);
      case 17 -> group.image().members().keySet().stream().toList().forEach(this::expireSometimes);
      case 18 -> pick(member -> true).ifPresent(member -> member.wants(names()));
      case 19, 20 -> pick(member -> true).ifPresent(this::sendCommit);
      case 21, 22 -> deliverCommit();
      case 23 -> changeTopics();
      case 24 -> retarget();
      case 25 -> deleteOffsets();
      default -> forget();
    }
  }

  private void join() {
    var joining = Joining.of(MemberId.of(0, ++drawn), names());
    if (random.nextInt(3) == 0) {
      joining = joining.instance("i" + random.nextInt(3));
    }
    var instance = joining.profile().instance();
    if (members.stream().noneMatch(member -> member.isInstance(instance))) {
      var member = new ModelMember(joining);
      members.add(member);
      connect(member);
    }
  }

  /** It goes on with what it has; what it said before may be lost, or still arrive. */
  private void connect(ModelMember member) {
    if (random.nextBoolean()) {
      member.line().lose();
    }
    lines.add(member.connect());
  }

  /** Nobody heard it for a session: it stops, and may come back before that is noticed. */
  private void loseLease(ModelMember member) {
    member.drop();
    if (random.nextBoolean()) {
      submit(new Expire(member.id(), Cause.SESSION_TIMEOUT, group.topics(), group.nowMillis()));
    }
    connect(member);
  }

  /** Its process ends, which is noticed much later. */
  private void die(ModelMember member) {
    members.remove(member);
  }

  private void leave(ModelMember member) {
    member.leave(random.nextBoolean());
    members.remove(member);
  }

  private void expireSometimes(MemberId id) {
    if (random.nextBoolean()) {
      expireGone(id);
    }
  }

  private void expireGone(MemberId id) {
    if (members.stream().noneMatch(member -> member.id().equals(id))) {
      attended.remove(id);
      submit(new Expire(id, Cause.SESSION_TIMEOUT, group.topics(), group.nowMillis()));
    }
  }

  // ---- what the coordinator hears

  private void hearSomebody() {
    var some = lines.stream().filter(Line::hasSomethingToSay).toList();
    if (!some.isEmpty()) {
      var newest = some.stream().filter(line -> line.member().line() == line).toList();
      var heard = newest.isEmpty() || random.nextInt(4) == 0 ? some : newest;
      hear(heard.get(random.nextInt(heard.size())));
    }
    lines.removeIf(line -> !line.hasSomethingToSay() && line.member().line() != line);
  }

  private void hear(Line line) {
    var member = line.member();
    var said = line.next();
    if (said instanceof Said.Joins(var joining)) {
      hearJoin(line, joining);
    } else if (attended.get(member.id()) == line) {
      var decision = submit(command(member, said));
      if (decision instanceof Refusal) {
        assertThat(isHonest(line)).as("fenced, on its newest stream, though a member").isFalse();
        attended.remove(member.id());
      }
    }
  }

  private void hearJoin(Line line, Joining joining) {
    var member = line.member();
    var instance = joining.profile().instance();
    boolean isAlive =
        members.stream().anyMatch(other -> other != member && other.isInstance(instance));
    var sent = isAlive ? joining.whileAttended() : joining;
    var seen = random.nextInt(10) == 0 ? older : group.topics();
    switch (submit(sent.command(seen, group.nowMillis()))) {
      case Accepted _ -> {
        attended.put(member.id(), line);
        tell(member.id());
      }
      case Refusal(var why) ->
          assertThat(isHonest(line) && why.code() != ErrorCode.COORDINATOR_LOADING)
              .as("refused, on its newest stream, though a member: %s", why)
              .isFalse();
    }
  }

  private boolean isHonest(Line line) {
    return members.contains(line.member()) && line.member().line() == line;
  }

  private GroupCommand command(ModelMember member, Said said) {
    return switch (said) {
      case Said.Joins(var joining) -> joining.command(group.topics(), group.nowMillis());
      case Said.Holds(var holding) -> holding;
      case Said.Subscribes(var names) ->
          group.subscribe(number(member.id()), names.toArray(String[]::new));
      case Said.Leaves(var stays) ->
          stays ? group.goAway(number(member.id())) : group.leave(number(member.id()));
    };
  }

  private static int number(MemberId id) {
    return (int) id.value().getLeastSignificantBits();
  }

  // ---- commits

  private void sendCommit(ModelMember member) {
    commits.add(member.commit(++offset, group.knownTopics()));
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

  // ---- topics and targets

  private void changeTopics() {
    older = group.topics();
    var name = NAMES.get(random.nextInt(NAMES.size()));
    var topic = group.topics().named(name);
    boolean isDeleted = topic.isPresent() && random.nextInt(3) == 0;
    if (isDeleted) {
      group.withoutTopic(name);
    } else if (topic.isPresent()) {
      int partitions = topic.get().partitions() + (isLarge ? MANY / 2 : 1);
      group.topic(name, TopicSeen.of(topic.get().id(), partitions, 0));
    } else {
      group.topic(
          name, TopicSeen.of(TopicId.of(++drawn, name.charAt(0)), 1 + random.nextInt(4), 0));
    }
    if (random.nextInt(3) > 0) {
      submit(new Retarget(Cause.TOPICS_CHANGED, group.topics(), Optional.empty()));
    }
    if (isDeleted) {
      var dead = topic.get().id();
      submit(new ForgetTopics(TreePSet.singleton(dead)));
      offsets.keySet().removeIf(partition -> partition.topic().equals(dead));
    }
  }

  /** At once, or by a computation that takes until the next time. */
  private void retarget() {
    if (slow.isPresent()) {
      submit(group.arriving(slow.get()));
      slow = Optional.empty();
    } else if (random.nextBoolean()) {
      var seen = random.nextInt(3) == 0 ? older : group.topics();
      submit(new Retarget(Cause.LOADED, seen, Optional.empty()));
    } else if (group.image().exists()) {
      slow = Optional.of(group.computed(group.image(), group.topics()));
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

  /** Of some topics; refused while a member wants one of them. */
  private void deleteOffsets() {
    var deleted = new TreeMap<PartitionId, String>();
    for (var name : names()) {
      var topic = group.topics().named(name).map(TopicSeen::id);
      offsets.keySet().stream()
          .filter(partition -> topic.equals(Optional.of(partition.topic())))
          .forEach(partition -> deleted.put(partition, name));
    }
    boolean exists = group.image().exists();
    boolean isWanted =
        group.image().members().values().stream()
            .anyMatch(member -> !Collections.disjoint(member.topics(), deleted.values()));

    var decision = submit(new DeleteOffsets(TreePMap.from(deleted)));

    boolean isDone = decision instanceof Accepted;
    assertThat(isDone).as("deletion of %s", deleted).isEqualTo(exists && !isWanted);
    if (isDone) {
      offsets.keySet().removeAll(deleted.keySet());
    }
  }

  /** Decides, tells who is concerned, and checks all that must hold. */
  private Decision submit(GroupCommand command) {
    var before = group.image();
    var decision = group.submit(command);
    if (decision instanceof Accepted(var events, var refused)) {
      events.forEach(event -> tell(before, event));
    }
    GroupClaims.check(group.image());
    GroupClaims.checkSuccession(before, group.image());
    return decision;
  }

  private void tell(GroupImage before, GroupEvent event) {
    if (event instanceof HoldingsSet(var id, var changed)) {
      int known = before.member(id).map(Member::epoch).orElse(0);
      if (changed.epoch() != known) {
        tell(id);
      }
    } else if (event instanceof HoldingsGone(var id)) {
      attended.remove(id);
    }
  }

  private void tell(MemberId id) {
    var line = attended.get(id);
    if (line != null) {
      int epoch = group.image().member(id).orElseThrow().epoch();
      line.member().tell(line, new Told(epoch, group.image().told(id)));
    }
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

  /** Nothing more happens, and everybody comes back and does as it is told. */
  private void settle() {
    lines.clear();
    older = group.topics();
    group.image().members().keySet().stream().toList().forEach(this::expireGone);
    members.forEach(member -> lines.add(member.connect()));
    finish();
    for (var round = 0; round < 3 && group.image().isTargetDue(); round++) {
      submit(group.computed(group.image(), group.topics()));
      finish();
    }
    submit(new Retarget(Cause.LOADED, group.topics(), Optional.empty()));
    if (group.image().isTargetDue()) {
      submit(group.computed(group.image(), group.topics()));
    }
    finish();
    GroupClaims.checkSettled(group.image(), group.topics());
    for (var member : members) {
      assertThat(member.reading())
          .isEqualTo(group.image().member(member.id()).orElseThrow().target());
    }
  }

  private void finish() {
    while (members.stream().anyMatch(ModelMember::hasMail)
        || lines.stream().anyMatch(Line::hasSomethingToSay)) {
      for (var line : lines) {
        while (line.hasSomethingToSay()) {
          hear(line);
        }
        while (line.member().hasMail()) {
          line.member().read();
        }
        checkReaders();
      }
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
