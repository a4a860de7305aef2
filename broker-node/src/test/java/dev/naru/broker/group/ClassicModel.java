package dev.naru.broker.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.group.Decision.Accepted;
import dev.naru.broker.group.Decision.Refusal;
import dev.naru.broker.group.GroupCommand.CloseRound;
import dev.naru.broker.group.GroupCommand.Commit;
import dev.naru.broker.group.GroupCommand.Retarget;
import dev.naru.broker.group.GroupCommand.Sync;
import dev.naru.types.PartitionId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * A classic group whose members and messages do as they like. Its leaders share out eight
 * partitions. Checked with every step: the claims on the image; that no two members believe to read
 * one partition; that no commit is taken of what another one reads.
 */
final class ClassicModel {

  private static final int STEPS = 300;
  private static final int PARTITIONS = 8;

  private sealed interface Message {
    record Rejoin() implements Message {}

    record Elected(Election election) implements Message {}

    record Handed(int generation, Opaque assignment) implements Message {}
  }

  private static final class Client {
    private final Joining joining;
    private final ArrayDeque<Message> inbox = new ArrayDeque<>();
    private final TreeSet<PartitionId> reading = new TreeSet<>();
    private int told;

    Client(Joining joining) {
      this.joining = joining;
    }

    MemberId id() {
      return joining.member();
    }

    int number() {
      return (int) id().value().getLeastSignificantBits();
    }
  }

  private final RandomGenerator random;
  private final TestGroup group;
  private final List<Client> clients = new ArrayList<>();
  private final List<Commit> commits = new ArrayList<>();
  private int drawn;

  ClassicModel(GroupRules rules, RandomGenerator random) {
    this.random = random;
    group = new TestGroup(rules).topic("a", PARTITIONS);
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
    switch (random.nextInt(20)) {
      case 0, 1 -> join();
      case 2, 3, 4, 5, 6, 7, 8, 9 -> pick(client -> !client.inbox.isEmpty()).ifPresent(this::read);
      case 10, 11 -> pick(client -> true).ifPresent(this::reconnect);
      case 12 -> pick(client -> true).ifPresent(this::beginAnew);
      case 13 -> pick(client -> true).ifPresent(this::stop);
      case 14 -> closeRound();
      case 15, 16 -> pick(client -> !client.reading.isEmpty()).ifPresent(this::sendCommit);
      case 17, 18 -> deliverCommit();
      default -> submit(new Retarget(Cause.TOPICS_CHANGED, group.topics(), Optional.empty()));
    }
  }

  private void join() {
    var joining = Joining.of(MemberId.of(0, ++drawn), "a").offering("range", "sticky");
    var placed = random.nextInt(3) == 0 ? joining.instance("i" + random.nextInt(2)) : joining;
    var instance = placed.profile().instance();
    if (instance.isEmpty()
        || clients.stream()
            .noneMatch(client -> client.joining.profile().instance().equals(instance))) {
      var client = new Client(placed);
      clients.add(client);
      come(client, placed);
    }
  }

  private void read(Client client) {
    switch (client.inbox.remove()) {
      case Message.Rejoin _ -> {
        client.reading.clear();
        come(client, client.joining.knowing(client.told));
      }
      case Message.Elected(var election) -> submit(sharedOut(election));
      case Message.Handed(var generation, var assignment) -> {
        client.told = generation;
        client.reading.clear();
        for (byte number : assignment.toBytes()) {
          client.reading.add(TestGroup.partition("a" + number));
        }
      }
    }
  }

  private static Sync sharedOut(Election election) {
    var shares = TreePMap.<MemberId, Opaque>empty();
    int members = election.candidates().size();
    for (int member = 0; member < members; member++) {
      byte[] share = new byte[(PARTITIONS + members - 1 - member) / members];
      for (int i = 0; i < share.length; i++) {
        share[i] = (byte) (member + i * members);
      }
      shares = shares.plus(election.candidates().get(member).member(), Opaque.of(share));
    }
    return new Sync(election.leader(), election.generation(), shares);
  }

  private void reconnect(Client client) {
    client.inbox.clear();
    come(client, client.joining.knowing(client.told, client.reading.toArray(PartitionId[]::new)));
  }

  private void beginAnew(Client client) {
    drop(client);
    come(client, client.joining);
  }

  private void come(Client client, Joining joining) {
    assertThat(submit(joining.command(group.topics(), group.nowMillis())))
        .as("of an honest member")
        .isInstanceOf(Accepted.class);
    var member = group.image().member(client.id()).orElseThrow();
    client.told = Math.max(client.told, client.reading.isEmpty() ? member.epoch() : client.told);
    client.inbox.clear();
    tell(client, member);
  }

  private void stop(Client client) {
    clients.remove(client);
    submit(
        random.nextBoolean()
            ? group.goAway(client.number())
            : random.nextBoolean() ? group.leave(client.number()) : group.expire(client.number()));
  }

  private static void drop(Client client) {
    client.inbox.clear();
    client.reading.clear();
    client.told = 0;
  }

  /** Those that have not come were given so long that they have stopped by themselves. */
  private void closeRound() {
    if (group.image().header().filter(header -> header.round().isOpen()).isPresent()) {
      clients.removeIf(client -> group.image().isAwaited(member(client)));
      submit(new CloseRound(group.nowMillis()));
    }
  }

  private void sendCommit(Client client) {
    var offsets = TreePMap.<PartitionId, Committed>empty();
    for (var partition : client.reading) {
      offsets = offsets.plus(partition, Committed.at(1, 0));
    }
    commits.add(new Commit(Optional.of(client.id()), client.told, offsets, TreePSet.empty(), 0));
  }

  private void deliverCommit() {
    if (!commits.isEmpty()) {
      var commit = commits.remove(random.nextInt(commits.size()));
      if (submit(commit) instanceof Accepted) {
        assertThat(clients)
            .filteredOn(client -> !commit.member().equals(Optional.of(client.id())))
            .as("others that read what is committed")
            .noneMatch(client -> client.reading.stream().anyMatch(commit.offsets()::containsKey));
      }
    }
  }

  /** Decides, and tells who is concerned. */
  private Decision submit(GroupCommand command) {
    var before = group.image();
    var decision = group.submit(command);
    GroupClaims.check(group.image(), group.topics());
    if (decision instanceof Refusal || before.equals(group.image())) {
      return decision;
    }
    for (var client : clients) {
      var member = group.image().member(client.id());
      if (member.isPresent() && !told(before, client).equals(told(group.image(), client))) {
        tell(client, member.get());
      }
    }
    return decision;
  }

  private void tell(Client client, Member member) {
    told(group.image(), client).ifPresent(client.inbox::add);
    assertThat(member.isAway()).isFalse();
  }

  /** What follows from the image for this member. */
  private static Optional<Message> told(GroupImage image, Client client) {
    var member = image.member(client.id());
    if (member.isEmpty()) {
      return Optional.empty();
    }
    if (image.isAwaited(member.get())) {
      return Optional.of(new Message.Rejoin());
    }
    var election =
        Election.of(image)
            .filter(each -> each.leader().equals(client.id()))
            .<Message>map(Message.Elected::new);
    return election.or(() ->
        member
            .get()
            .classic()
            .flatMap(ClassicMember::assignment)
            .map(assignment -> new Message.Handed(member.get().epoch(), assignment)));
  }

  private void checkReaders() {
    var readers = new TreeMap<PartitionId, MemberId>();
    for (var client : clients) {
      for (var partition : client.reading) {
        assertThat(readers.put(partition, client.id())).as("reader of %s", partition).isNull();
      }
    }
  }

  private void settle() {
    group.image().members().keySet().stream()
        .filter(id -> clients.stream().noneMatch(client -> client.id().equals(id)))
        .toList()
        .forEach(id -> submit(group.expire((int) id.value().getLeastSignificantBits())));
    while (clients.stream().anyMatch(client -> !client.inbox.isEmpty())) {
      pick(client -> !client.inbox.isEmpty()).ifPresent(this::read);
      checkReaders();
      if (clients.stream().allMatch(client -> client.inbox.isEmpty())) {
        closeRound();
      }
    }
    closeRound();
    while (clients.stream().anyMatch(client -> !client.inbox.isEmpty())) {
      pick(client -> !client.inbox.isEmpty()).ifPresent(this::read);
      checkReaders();
    }
    int read = clients.stream().mapToInt(client -> client.reading.size()).sum();
    assertThat(read).isEqualTo(clients.isEmpty() ? 0 : PARTITIONS);
  }

  private Member member(Client client) {
    return group.image().member(client.id()).orElseThrow();
  }

  private Optional<Client> pick(Predicate<Client> which) {
    var candidates = clients.stream().filter(which).toList();
    return candidates.isEmpty()
        ? Optional.empty()
        : Optional.of(candidates.get(random.nextInt(candidates.size())));
  }
}
