package dev.naru.simulation;

import dev.naru.broker.partition.Links;
import dev.naru.broker.partition.PartitionInput;
import dev.naru.broker.partition.PartitionInput.FollowerLost;
import dev.naru.broker.partition.PartitionInput.FromFollower;
import dev.naru.broker.partition.PartitionInput.FromLeader;
import dev.naru.broker.partition.PartitionInput.LeaderLost;
import dev.naru.broker.replica.SubscriptionId;
import dev.naru.broker.replica.ToFollower;
import dev.naru.broker.replica.ToFollower.Refusal;
import dev.naru.broker.replica.ToLeader;
import dev.naru.broker.replica.ToLeader.SubscribeRequest;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A process's replication streams: one to each node that it follows, and those that others opened
 * to it. All partitions that two nodes share are on one stream.
 */
final class SimLinks implements Links {

  /** As long as a connection attempt that nobody answers takes. */
  private static final long CONNECT_NANOS = World.SECOND;

  private final SimProcess process;
  private final Map<Integer, Outgoing> toLeaders = new TreeMap<>();
  private final List<SimStream> incoming = new ArrayList<>();
  private final Map<Long, Map<SubscriptionId, Answers>> answers = new TreeMap<>();
  private long subscriptions;

  /** Where what a leader says to a subscription goes. */
  private record Answers(SimStream stream, SimLinks follower, PartitionId partition) {}

  /** This process's stream to one leader node. */
  private final class Outgoing {
    final int leader;
    final SimProcess peer;
    final SimStream stream;
    final Map<Long, PartitionId> live = new TreeMap<>();

    Outgoing(int leader, SimProcess peer) {
      this.leader = leader;
      this.peer = peer;
      stream =
          new SimStream(
              process.cluster().net(),
              process.cluster().net()::isReplicationCut,
              process.node(),
              leader,
              () -> process.asSoonAsRunning(() -> lost(this)),
              () -> peer.asSoonAsRunning(() -> peer.links().followerLost(SimLinks.this)));
      peer.links().incoming.add(stream);
    }
  }

  SimLinks(SimProcess process) {
    this.process = process;
  }

  void breakAll() {
    toLeaders.values().forEach(out -> out.stream.breakUp());
    incoming.forEach(SimStream::breakUp);
  }

  /** Resets the stream to this node; false if there is none. */
  boolean reset(int leader) {
    var out = toLeaders.get(leader);
    if (out != null) {
      out.stream.breakUp();
    }
    return out != null;
  }

  // ---- as a follower

  @Override
  public long nextSubscription() {
    return ++subscriptions;
  }

  @Override
  public void toLeader(NodeId leader, ToLeader said) {
    var message = process.cluster().rules().said(said);
    if (message instanceof SubscribeRequest request) {
      subscribe(leader.value(), request);
      return;
    }
    var out = toLeaders.get(leader.value());
    if (out != null && out.live.containsKey(message.subscription())) {
      send(out, out.live.get(message.subscription()), message);
    }
  }

  private void subscribe(int leader, SubscribeRequest request) {
    var out = toLeaders.get(leader);
    if (out == null || out.stream.isBroken()) {
      var peer = process.cluster().node(leader).process();
      if (peer.isEmpty() || !process.cluster().net().canReplicate(process.node(), leader)) {
        process.later(
            peer.isEmpty() ? World.MILLI : CONNECT_NANOS,
            () -> lost(leader, request.subscription(), request.partition()));
        return;
      }
      out = new Outgoing(leader, peer.get());
      toLeaders.put(leader, out);
    }
    out.live.put(request.subscription(), request.partition());
    send(out, request.partition(), request);
  }

  private void send(Outgoing out, PartitionId partition, ToLeader message) {
    var from =
        new SubscriptionId(
            process.machine().nodeId(), process.self().epoch(), message.subscription());
    out.stream.there(() ->
        out.peer.asSoonAsRunning(
            () -> out.peer.links().fromFollower(from, this, out.stream, partition, message)));
  }

  private void lost(Outgoing out) {
    if (toLeaders.get(out.leader) == out) {
      toLeaders.remove(out.leader);
    }
    out.live.forEach((number, partition) -> lost(out.leader, number, partition));
    out.live.clear();
  }

  private void lost(int leader, long subscription, PartitionId partition) {
    process.post(partition, new LeaderLost(new NodeId(leader), subscription));
  }

  private void fromLeader(NodeId leader, PartitionId partition, ToFollower message) {
    process.post(partition, new FromLeader(leader, process.cluster().rules().heard(message)));
  }

  // ---- as a leader

  private void fromFollower(
      SubscriptionId from,
      SimLinks follower,
      SimStream stream,
      PartitionId partition,
      ToLeader message) {
    if (message instanceof SubscribeRequest) {
      ofFollower(from).put(from, new Answers(stream, follower, partition));
    }
    process.post(partition, new FromFollower(from, message));
  }

  private Map<SubscriptionId, Answers> ofFollower(SubscriptionId id) {
    return answers.computeIfAbsent(
        id.followerEpoch().value(),
        _ -> new TreeMap<>(Comparator.comparingLong(SubscriptionId::number)));
  }

  private void followerLost(SimLinks follower) {
    for (var each : answers.values()) {
      var gone = new ArrayList<SubscriptionId>();
      each.forEach((id, to) -> {
        if (to.follower() == follower && to.stream().isBroken()) {
          gone.add(id);
          process.post(to.partition(), new FollowerLost(id));
        }
      });
      gone.forEach(each::remove);
    }
  }

  @Override
  public void toFollower(SubscriptionId subscription, ToFollower message) {
    var to = Optional.ofNullable(ofFollower(subscription).get(subscription));
    var self = process.machine().nodeId();
    var sent = SimMemory.sent(message);
    to.ifPresent(answers ->
        answers.stream()
            .back(() ->
                answers
                    .follower()
                    .process
                    .asSoonAsRunning(
                        () -> answers.follower().fromLeader(self, answers.partition(), sent))));
  }

  /** Nobody here knows the partition; a node's directory of partitions would say so. */
  void refuseUnknown(PartitionId partition, PartitionInput input) {
    if (input instanceof FromFollower(var from, SubscribeRequest request)) {
      toFollower(
          from,
          new Refusal(
              request.subscription(),
              new Refused(ErrorCode.NOT_REPLICA, "Expected to hold " + partition)));
    }
  }
}
