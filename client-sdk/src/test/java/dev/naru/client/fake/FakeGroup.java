package dev.naru.client.fake;

import dev.naru.proto.v1.Accepted;
import dev.naru.proto.v1.AttendRefusal;
import dev.naru.proto.v1.AttendRequest;
import dev.naru.proto.v1.AttendResponse;
import dev.naru.proto.v1.CommitOffsetsRequest;
import dev.naru.proto.v1.CommitOffsetsResponse;
import dev.naru.proto.v1.CommittedOffset;
import dev.naru.proto.v1.FetchOffsetsRequest;
import dev.naru.proto.v1.FetchOffsetsResponse;
import dev.naru.proto.v1.FetchedOffset;
import dev.naru.proto.v1.GroupProtocol;
import dev.naru.proto.v1.JoinGroup;
import dev.naru.proto.v1.LeaderHint;
import dev.naru.proto.v1.LeaveGroup;
import dev.naru.proto.v1.OffsetResult;
import dev.naru.proto.v1.OffsetToCommit;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * A group and its coordinator: grants the partitions of the topics its members want, as evenly as
 * it goes, and each to the next one only when the one before has given it back. Does what the test
 * says besides.
 */
public final class FakeGroup {

  private static final int HEARTBEAT_MILLIS = 50;

  private final FakeCluster cluster;
  private final Map<UUID, FakeMember> members = new TreeMap<>();
  private final Map<PartitionId, CommittedOffset> offsets = new TreeMap<>();
  private final TreeSet<PartitionId> withheld = new TreeSet<>();
  private final TreeSet<PartitionId> fromStart = new TreeSet<>();
  private final Deque<ErrorCode> findRefusals = new ArrayDeque<>();
  private final Deque<ErrorCode> joinRefusals = new ArrayDeque<>();
  private final Deque<ErrorCode> commitRefusals = new ArrayDeque<>();
  private final Deque<ErrorCode> fetchRefusals = new ArrayDeque<>();
  private final List<Runnable> heldCommits = new ArrayList<>();
  private final List<JoinGroup> joins = new ArrayList<>();
  private final List<LeaveGroup> leaves = new ArrayList<>();
  private final List<List<OffsetToCommit>> commits = new ArrayList<>();
  private final FakeClassic classic = new FakeClassic();
  private int coordinator = 1;
  private int coordinatorEpoch = 1;
  private int epoch;
  private boolean isSilent;
  private boolean holdsCommits;
  private boolean ignoresFetches;
  private boolean namesCoordinator = true;

  FakeGroup(FakeCluster cluster) {
    this.cluster = cluster;
  }

  // What tests say

  /** Another node coordinates from now on; streams end, as their node finds out. */
  public synchronized void moveTo(int node) {
    coordinator = node;
    coordinatorEpoch++;
    members.values().forEach(member -> member.refuse(refusal(ErrorCode.NOT_LEADER)));
  }

  /** The same, while the one before can tell nobody: it is cut off. */
  public synchronized void moveUnheard(int node) {
    coordinator = node;
    coordinatorEpoch++;
  }

  /** Whether refusals say who coordinates. */
  public synchronized void nameCoordinator(boolean names) {
    namesCoordinator = names;
  }

  /** Nothing is heard, and nothing said, until this is false. */
  public synchronized void silence(boolean silent) {
    isSilent = silent;
  }

  /** All streams break. */
  public synchronized void breakStreams() {
    members.values().forEach(FakeMember::breakOff);
  }

  /** No member is known any more, and those that are there are told so. */
  public synchronized void fenceAll() {
    var gone = List.copyOf(members.values());
    members.clear();
    gone.forEach(member -> member.refuse(refusal(ErrorCode.FENCED_MEMBER)));
  }

  /** The next questions for the coordinator are refused. */
  public synchronized void refuseFinds(ErrorCode... codes) {
    findRefusals.addAll(List.of(codes));
  }

  synchronized Optional<ErrorCode> findRefusal() {
    return Optional.ofNullable(findRefusals.poll());
  }

  /** The next joins are refused. */
  public synchronized void refuseJoins(ErrorCode... codes) {
    joinRefusals.addAll(List.of(codes));
  }

  /** The next commits are refused. */
  public synchronized void refuseCommits(ErrorCode... codes) {
    commitRefusals.addAll(List.of(codes));
  }

  /** The next questions for positions are refused. */
  public synchronized void refuseFetches(ErrorCode... codes) {
    fetchRefusals.addAll(List.of(codes));
  }

  /** Commits are kept, but not answered before this is false. */
  public synchronized void holdCommits(boolean holds) {
    holdsCommits = holds;
    if (!holds) {
      heldCommits.forEach(Runnable::run);
      heldCommits.clear();
    }
  }

  /** Questions for positions are not answered. */
  public synchronized void ignoreFetches(boolean ignores) {
    ignoresFetches = ignores;
  }

  /** Its members, which assign themselves, are to come with empty hands. */
  public synchronized void beginRound() {
    classic.gather();
  }

  /** Nobody may read this one for now. */
  public synchronized void withhold(String topic, int partition) {
    withheld.add(id(topic, partition));
    balance();
  }

  /** Somebody may again. */
  public synchronized void allow(String topic, int partition) {
    withheld.remove(id(topic, partition));
    balance();
  }

  /** Its reader is granted it anew, as if somebody had read it in between. */
  public synchronized void grantAnew(String topic, int partition) {
    epoch++;
    for (var member : members.values()) {
      if (member.renew(id(topic, partition), epoch)) {
        tell(member);
      }
    }
  }

  /** It is younger than the group's interest in its topic. */
  public synchronized void startFromBeginning(String topic, int partition) {
    fromStart.add(id(topic, partition));
  }

  /** As if somebody had committed it. */
  public synchronized void put(String topic, int partition, long offset, int leaderEpoch) {
    offsets.put(
        id(topic, partition),
        CommittedOffset.newBuilder().setOffset(offset).setLeaderEpoch(leaderEpoch).build());
  }

  // What tests ask

  public synchronized OptionalLong committed(String topic, int partition) {
    return Optional.ofNullable(offsets.get(id(topic, partition)))
        .map(committed -> OptionalLong.of(committed.getOffset()))
        .orElse(OptionalLong.empty());
  }

  public synchronized Optional<CommittedOffset> offset(String topic, int partition) {
    return Optional.ofNullable(offsets.get(id(topic, partition)));
  }

  public synchronized int members() {
    return members.size();
  }

  public synchronized List<JoinGroup> joins() {
    return List.copyOf(joins);
  }

  public synchronized List<LeaveGroup> leaves() {
    return List.copyOf(leaves);
  }

  /** All offsets of all commits, in order of arrival, those that were refused too. */
  public synchronized List<List<OffsetToCommit>> commits() {
    return List.copyOf(commits);
  }

  /** Offsets of one partition, in the order of the commits. */
  public synchronized List<Long> commitsOf(String topic, int partition) {
    var id = id(topic, partition);
    return commits.stream()
        .flatMap(List::stream)
        .filter(each -> idOf(each).equals(id))
        .map(OffsetToCommit::getOffset)
        .toList();
  }

  public synchronized int heldCommits() {
    return heldCommits.size();
  }

  /** Whether somebody holds it, or is to give it back. */
  public synchronized boolean isHeld(String topic, int partition) {
    return members.values().stream().anyMatch(member -> member.holds(id(topic, partition)));
  }

  // What nodes do

  synchronized Optional<ErrorCode> notHere(int node) {
    return node == coordinator ? Optional.empty() : Optional.of(ErrorCode.NOT_LEADER);
  }

  synchronized LeaderHint hint() {
    var address = cluster.address(coordinator);
    return LeaderHint.newBuilder()
        .setNodeId(coordinator)
        .setLeaderEpoch(coordinatorEpoch)
        .setHost(address.host())
        .setPort(address.port())
        .build();
  }

  private AttendRefusal refusal(ErrorCode code) {
    var refusal =
        AttendRefusal.newBuilder()
            .setErrorValue(code.number())
            .setErrorMessage("Expected another member, but " + code);
    if (code == ErrorCode.NOT_LEADER && namesCoordinator) {
      refusal.setLeader(hint());
    }
    return refusal.build();
  }

  /**
   * Takes a member's message, unless the group is silent. Returns the member that the stream is.
   */
  synchronized Optional<FakeMember> hear(
      int node, FakeMember.Stream stream, Optional<FakeMember> known, FakeMember.Message message) {
    if (isSilent) {
      return known;
    }
    var elsewhere = notHere(node);
    if (elsewhere.isPresent()) {
      stream.refuse(refusal(elsewhere.get()));
      return Optional.empty();
    }
    if (message.request().hasJoin()) {
      return join(stream, message.request().getJoin(), message.sequence());
    }
    known.filter(members::containsValue).ifPresent(member -> heard(member, message));
    return known;
  }

  private Optional<FakeMember> join(FakeMember.Stream stream, JoinGroup join, long sequence) {
    joins.add(join);
    var refused = Optional.ofNullable(joinRefusals.poll());
    var id = new UUID(join.getMember().getHigh(), join.getMember().getLow());
    var known = Optional.ofNullable(members.get(id));
    if (refused.isEmpty() && known.isEmpty() && join.getMemberEpoch() > 0) {
      refused = Optional.of(ErrorCode.FENCED_MEMBER);
    }
    if (refused.isPresent()) {
      stream.refuse(refusal(refused.get()));
      return Optional.empty();
    }
    var member = known.orElseGet(() -> new FakeMember(id));
    members.put(id, member);
    member.come(stream, sequence, join.getSubscription().getTopicsList());
    if (join.getProtocol() == GroupProtocol.GROUP_PROTOCOL_CLASSIC) {
      classic.join(member, join, HEARTBEAT_MILLIS);
      return Optional.of(member);
    }
    if (join.getMemberEpoch() == 0) {
      member.dropAll();
    } else {
      member.holding(join.getHoldingList(), join.getMemberEpoch());
    }
    member.say(
        AttendResponse.newBuilder()
            .setAccepted(
                Accepted.newBuilder()
                    .setMemberEpoch(join.getMemberEpoch() == 0 ? epoch : join.getMemberEpoch())
                    .setHeartbeatIntervalMs(HEARTBEAT_MILLIS)));
    balance();
    tell(member);
    return Optional.of(member);
  }

  private void heard(FakeMember member, FakeMember.Message message) {
    var request = message.request();
    member.heard(message.sequence());
    if (request.hasHolding()) {
      var holding = request.getHolding();
      member.holding(holding.getPartitionsList(), holding.getMemberEpoch());
    } else if (request.hasSubscribe()) {
      member.wants(request.getSubscribe().getTopicsList());
    } else if (request.hasLeave()) {
      leaves.add(request.getLeave());
      members.remove(member.id());
    }
    member.ack();
    if (!classic.isEmpty()) {
      heardByClassic(member, request);
    } else {
      balance();
    }
    if (request.hasLeave()) {
      member.end();
    }
  }

  private void heardByClassic(FakeMember member, AttendRequest request) {
    if (request.hasSync()) {
      classic.sync(request.getSync());
    } else if (request.hasLeave()) {
      classic.leave(member.id());
    }
  }

  /** Works out who reads what, has what moves given back, and grants what is free. */
  private void balance() {
    var target = target();
    int next = epoch + 1;
    var changed = new TreeSet<UUID>();
    for (var member : members.values()) {
      if (member.revokeAllBut(target.getOrDefault(member.id(), Set.of()), next)) {
        changed.add(member.id());
      }
    }
    target.forEach((id, partitions) -> {
      for (var partition : partitions) {
        boolean isFree = members.values().stream().noneMatch(each -> each.holds(partition));
        if (isFree && find(id).grant(partition, next)) {
          changed.add(id);
        }
      }
    });
    if (!changed.isEmpty()) {
      epoch = next;
      changed.forEach(id -> tell(find(id)));
    }
  }

  private FakeMember find(UUID id) {
    return Optional.ofNullable(members.get(id)).orElseThrow();
  }

  private Map<UUID, Set<PartitionId>> target() {
    var target = new TreeMap<UUID, Set<PartitionId>>();
    members.keySet().forEach(id -> target.put(id, new TreeSet<>()));
    for (var topic : cluster.topics.values().stream().sorted(FakeGroup::byName).toList()) {
      var eligible =
          members.values().stream().filter(member -> member.wants(topic.name())).toList();
      int share =
          eligible.isEmpty() ? 0 : -Math.floorDiv(-topic.partitions().size(), eligible.size());
      var pool = new ArrayList<PartitionId>();
      var taken = new TreeMap<UUID, Integer>();
      for (int i = 0; i < topic.partitions().size(); i++) {
        var id = new PartitionId(topic.id(), i);
        if (withheld.contains(id)) {
          continue;
        }
        var holder = eligible.stream().filter(member -> member.may(id)).findFirst();
        if (holder.isPresent() && taken.getOrDefault(holder.get().id(), 0) < share) {
          taken.merge(holder.get().id(), 1, Integer::sum);
          Optional.ofNullable(target.get(holder.get().id())).orElseThrow().add(id);
        } else {
          pool.add(id);
        }
      }
      for (var id : pool) {
        eligible.stream()
            .min((a, b) ->
                Integer.compare(taken.getOrDefault(a.id(), 0), taken.getOrDefault(b.id(), 0)))
            .ifPresent(member -> {
              taken.merge(member.id(), 1, Integer::sum);
              Optional.ofNullable(target.get(member.id())).orElseThrow().add(id);
            });
      }
    }
    return target;
  }

  private static int byName(FakeCluster.FakeTopic a, FakeCluster.FakeTopic b) {
    return a.name().compareTo(b.name());
  }

  private void tell(FakeMember member) {
    member.tell(epoch, this::nameOf, offsets, fromStart);
  }

  private String nameOf(TopicId id) {
    return cluster.topics.values().stream()
        .filter(topic -> topic.id().equals(id))
        .map(FakeCluster.FakeTopic::name)
        .findFirst()
        .orElse("gone");
  }

  /** Keeps what may be kept; the answer goes out at once, or when held commits do. */
  synchronized void commit(
      int node,
      CommitOffsetsRequest request,
      java.util.function.Consumer<CommitOffsetsResponse> to) {
    commits.add(request.getOffsetsList());
    if (isSilent) {
      return;
    }
    var answer = CommitOffsetsResponse.newBuilder();
    var refused = notHere(node).or(() -> Optional.ofNullable(commitRefusals.poll()));
    boolean isStranger = !request.hasMember() && !members.isEmpty();
    if (refused.isPresent() || isStranger) {
      var code = refused.orElse(ErrorCode.GROUP_NOT_EMPTY);
      answer.setErrorValue(code.number()).setErrorMessage("Expected to keep it, but " + code);
      if (code == ErrorCode.NOT_LEADER && namesCoordinator) {
        answer.setLeader(hint());
      }
    } else {
      answer.setErrorValue(ErrorCode.NONE.number());
      request.getOffsetsList().forEach(each -> answer.addResults(keep(request, each)));
    }
    if (holdsCommits) {
      heldCommits.add(() -> to.accept(answer.build()));
    } else {
      to.accept(answer.build());
    }
  }

  private OffsetResult keep(CommitOffsetsRequest request, OffsetToCommit offset) {
    var id = idOf(offset);
    var member =
        Optional.ofNullable(
            members.get(new UUID(request.getMember().getHigh(), request.getMember().getLow())));
    boolean isOwner =
        !request.hasMember()
            || member.filter(known -> known.owns(id, request.getMemberEpoch())).isPresent()
            || (member.filter(known -> classic.has(known.id())).isPresent()
                && request.getMemberEpoch() == classic.generation());
    if (!isOwner) {
      return OffsetResult.newBuilder()
          .setErrorValue(ErrorCode.FENCED_MEMBER.number())
          .setErrorMessage("Expected the owner of " + id)
          .build();
    }
    var kept = CommittedOffset.newBuilder().setOffset(offset.getOffset());
    kept.setMetadata(offset.getMetadata());
    if (offset.hasLeaderEpoch()) {
      kept.setLeaderEpoch(offset.getLeaderEpoch());
    }
    offsets.put(id, kept.build());
    return OffsetResult.newBuilder().setErrorValue(ErrorCode.NONE.number()).build();
  }

  synchronized Optional<FetchOffsetsResponse> fetch(int node, FetchOffsetsRequest request) {
    if (isSilent || ignoresFetches) {
      return Optional.empty();
    }
    var answer = FetchOffsetsResponse.newBuilder().setErrorValue(ErrorCode.NONE.number());
    var refused = notHere(node).or(() -> Optional.ofNullable(fetchRefusals.poll()));
    if (refused.isPresent()) {
      return Optional.of(answer.setErrorValue(refused.get().number()).build());
    }
    for (var topic : request.getPartitionsList()) {
      for (int number : topic.getPartitionsList()) {
        var uuid = topic.getTopicId();
        var id = new PartitionId(TopicId.of(uuid.getHigh(), uuid.getLow()), number);
        Optional.ofNullable(offsets.get(id))
            .ifPresent(committed ->
                answer.addOffsets(
                    FetchedOffset.newBuilder()
                        .setTopicId(uuid)
                        .setPartition(number)
                        .setCommitted(committed)));
      }
    }
    return Optional.of(answer.build());
  }

  private PartitionId id(String topic, int partition) {
    return new PartitionId(
        Optional.ofNullable(cluster.topics.get(topic)).orElseThrow().id(), partition);
  }

  private static PartitionId idOf(OffsetToCommit offset) {
    return new PartitionId(
        TopicId.of(offset.getTopicId().getHigh(), offset.getTopicId().getLow()),
        offset.getPartition());
  }
}
