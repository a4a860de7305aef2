package dev.naru.broker.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.group.Decision.Accepted;
import dev.naru.broker.group.Decision.Refusal;
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

/**
 * A classic group whose members and messages do as they like: what a member says arrives in the
 * order of its stream, but at any time, also after it has come back on others. Its leaders share
 * out eight partitions. Checked with every step: the claims on the image; that no two members
 * believe to read one partition; that no commit is taken of what another one reads.
 */
final class ClassicModel {

  private static final int STEPS = 500;
  private static final int PARTITIONS = 8;

  private sealed interface Message {
    record Rejoin() implements Message {}

    record Elected(Election election) implements Message {}

    record Handed(int generation, Opaque assignment) implements Message {}
  }

  /** What is on its way on a stream: joins, and what a leader says. */
  private static final class Line {
    private final Client client;
    private final ArrayDeque<Object> onItsWay = new ArrayDeque<>();

    Line(Client client) {
      this.client = client;
    }
  }

  private static final class Client {
    private final Joining joining;
    private final ArrayDeque<Message> inbox = new ArrayDeque<>();
    private final TreeSet<PartitionId> reading = new TreeSet<>();
    private Line line = new Line(this);
    private int attempts;
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

    /** On another stream, with what it reads now; what it offers is never the same. */
    Line connect() {
      inbox.clear();
      line = new Line(this);
      var comes = told == 0 ? joining : joining.knowing(told, reading.toArray(PartitionId[]::new));
      line.onItsWay.add(comes.attempt(++attempts).offering(attempts, "range", "sticky"));
      return line;
    }
  }

  private final RandomGenerator random;
  private final TestGroup group;
  private final List<Client> clients = new ArrayList<>();
  private final List<Line> lines = new ArrayList<>();
  private final TreeMap<MemberId, Line> attended = new TreeMap<>();
  private final List<Commit> commits = new ArrayList<>();
  private int drawn;
  private int partitionsOfB;

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
    switch (random.nextInt(28)) {
      case 0, 1 -> join();
      case 2, 3, 4, 5, 6, 7, 8, 9 -> pick(client -> !client.inbox.isEmpty()).ifPresent(this::read);
      case 10, 11, 12, 13, 14, 15, 16, 17 -> hearSomebody();
      case 18, 19 -> pick(client -> true).ifPresent(this::connect);
      case 20 -> pick(client -> true).ifPresent(this::beginAnew);
      case 21 -> pick(client -> true).ifPresent(this::stop);
      case 22 -> closeRound();
      case 23, 24 -> pick(client -> !client.reading.isEmpty()).ifPresent(this::sendCommit);
      case 25, 26 -> deliverCommit();
      default -> lookAtTopics();
    }
  }

  private void join() {
    var joining = Joining.of(MemberId.of(0, ++drawn), "a", "b").offering("range", "sticky");
    var placed = random.nextInt(3) == 0 ? joining.instance("i" + random.nextInt(2)) : joining;
    if (clients.stream().noneMatch(client -> isInstance(client, placed))) {
      var client = new Client(placed);
      clients.add(client);
      connect(client);
    }
  }

  private static boolean isInstance(Client client, Joining joining) {
    var instance = joining.profile().instance();
    return instance.isPresent() && client.joining.profile().instance().equals(instance);
  }

  private void read(Client client) {
    switch (client.inbox.remove()) {
      case Message.Rejoin _ -> {
        client.reading.clear();
        connect(client);
      }
      case Message.Elected(var election) -> client.line.onItsWay.add(sharedOut(election));
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

  /** What it said before may be lost, or still arrive. */
  private void connect(Client client) {
    if (random.nextBoolean()) {
      client.line.onItsWay.clear();
    }
    lines.add(client.connect());
  }

  private void beginAnew(Client client) {
    client.reading.clear();
    client.told = 0;
    connect(client);
  }

  private void hearSomebody() {
    var some = lines.stream().filter(line -> !line.onItsWay.isEmpty()).toList();
    if (!some.isEmpty()) {
      var newest = some.stream().filter(line -> line.client.line == line).toList();
      var heard = newest.isEmpty() || random.nextInt(4) == 0 ? some : newest;
      hear(heard.get(random.nextInt(heard.size())));
    }
    lines.removeIf(line -> line.onItsWay.isEmpty() && line.client.line != line);
  }

  private void hear(Line line) {
    var client = line.client;
    switch (line.onItsWay.remove()) {
      case Joining joining -> hearJoin(line, joining);
      case Sync sync when attended.get(client.id()) == line -> submit(sync);
      default -> {} // of a stream that was replaced
    }
  }

  private void hearJoin(Line line, Joining joining) {
    var client = line.client;
    boolean isNewest = clients.contains(client) && client.line == line;
    boolean isAlive =
        clients.stream().anyMatch(other -> other != client && isInstance(other, joining));
    var sent = isAlive ? joining.whileAttended() : joining;
    if (submit(sent.command(group.topics(), group.nowMillis())) instanceof Refusal refusal) {
      assertThat(isNewest).as("of an honest member: %s", refusal).isFalse();
      return;
    }
    attended.put(client.id(), line);
    var member = group.image().member(client.id()).orElseThrow();
    if (isNewest && client.reading.isEmpty()) {
      client.told = Math.max(client.told, member.epoch());
    }
    tell(client);
  }

  private void stop(Client client) {
    clients.remove(client);
    submit(
        random.nextBoolean()
            ? group.goAway(client.number())
            : random.nextBoolean() ? group.leave(client.number()) : group.expire(client.number()));
  }

  /**
   * Those that have not come were given so long that they have stopped by themselves. A leader that
   * lives says what it has to say in time.
   */
  private void closeRound() {
    if (!group.image().hasMembers() || !group.image().isClassic()) {
      return;
    }
    var round = group.image().header().orElseThrow().round();
    if (round.isOpen()) {
      clients.removeIf(
          client -> group.image().member(client.id()).filter(group.image()::isAwaited).isPresent());
      submit(group.closeRound());
    } else if (clients.stream().noneMatch(client -> round.isLedBy(client.id()))) {
      submit(group.closeRound());
    }
  }

  private void lookAtTopics() {
    if (random.nextBoolean()) {
      group.topic("b", ++partitionsOfB);
    }
    submit(new Retarget(Cause.TOPICS_CHANGED, group.topics(), Optional.empty()));
  }

  private void sendCommit(Client client) {
    var offsets = TreePMap.<PartitionId, Committed>empty();
    for (var partition : client.reading) {
      offsets = offsets.plus(partition, Committed.at(1, 0));
    }
    commits.add(new Commit(Optional.of(client.id()), client.told, offsets, group.knownTopics(), 0));
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
    GroupClaims.check(group.image());
    attended.keySet().retainAll(group.image().members().keySet());
    for (var line : List.copyOf(attended.values())) {
      if (!told(before, line.client).equals(told(group.image(), line.client))) {
        tell(line.client);
      }
    }
    return decision;
  }

  private void tell(Client client) {
    if (attended.get(client.id()) == client.line) {
      told(group.image(), client).ifPresent(client.inbox::add);
    }
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
    lines.clear();
    group.image().members().keySet().stream()
        .filter(id -> clients.stream().noneMatch(client -> client.id().equals(id)))
        .toList()
        .forEach(id -> submit(group.expire((int) id.value().getLeastSignificantBits())));
    List.copyOf(clients).forEach(client -> lines.add(client.connect()));
    for (int i = 0; i < 3; i++) {
      finish();
      closeRound();
    }
    finish();
    int read = clients.stream().mapToInt(client -> client.reading.size()).sum();
    assertThat(read).isEqualTo(clients.isEmpty() ? 0 : PARTITIONS);
  }

  private void finish() {
    while (clients.stream().anyMatch(client -> !client.inbox.isEmpty())
        || lines.stream().anyMatch(line -> !line.onItsWay.isEmpty())) {
      hearSomebody();
      pick(client -> !client.inbox.isEmpty()).ifPresent(this::read);
      checkReaders();
    }
  }

  private Optional<Client> pick(Predicate<Client> which) {
    var candidates = clients.stream().filter(which).toList();
    return candidates.isEmpty()
        ? Optional.empty()
        : Optional.of(candidates.get(random.nextInt(candidates.size())));
  }
}
