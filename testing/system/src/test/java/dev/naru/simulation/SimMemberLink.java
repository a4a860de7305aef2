package dev.naru.simulation;

import dev.naru.broker.coordinator.FromMember;
import dev.naru.broker.coordinator.MemberStream;
import dev.naru.broker.coordinator.ShardInput.Attends;
import dev.naru.broker.coordinator.ToMember;
import dev.naru.broker.group.GroupProtocol;
import dev.naru.broker.group.MemberProfile;
import dev.naru.client.TopicPartition;
import dev.naru.client.core.CommittedPosition;
import dev.naru.client.core.Grant;
import dev.naru.client.core.MemberEffect;
import dev.naru.client.core.MemberInput;
import dev.naru.client.core.MemberMessage;
import dev.naru.client.core.Membership;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.pcollections.TreePSet;

/** A member's line to its coordinator: finds it, keeps the stream, and puts both into words. */
final class SimMemberLink {

  private static final long CONNECT_NANOS_MAX = 20 * World.MILLI;
  private static final long HALF_CLOSED_NANOS = 5 * World.SECOND;

  private final SimCluster cluster;
  private final SimMember member;
  private final Dice dice;
  private Optional<SimAttendance.Attending> attending = Optional.empty();
  private int streamNumber;
  private int coordinator;

  SimMemberLink(SimCluster cluster, SimMember member, Dice dice) {
    this.cluster = cluster;
    this.member = member;
    this.dice = dice;
  }

  /** The connection is gone with the process. */
  void cut() {
    attending.ifPresent(SimAttendance.Attending::cut);
  }

  void open(int number) {
    streamNumber = number;
    attending = Optional.empty();
    member.later(dice.between(World.MICRO, CONNECT_NANOS_MAX), () -> connect(number));
  }

  private void connect(int number) {
    if (number != streamNumber) {
      return;
    }
    findCoordinator();
    var process =
        cluster
            .nodeIfAny(coordinator)
            .flatMap(SimNode::process)
            .filter(_ -> cluster.net().areConnected(member.client(), coordinator));
    if (process.isEmpty()) {
      coordinator = 0;
      broken(
          number,
          new Refused(ErrorCode.COORDINATOR_NOT_AVAILABLE, "Expected to find the coordinator"));
    } else {
      var hears = new Ears(number, coordinator);
      attending =
          Optional.of(
              process.get().attendance().open(member.client(), member.simGroup().log(), hears));
      member.step(new MemberInput.Opened(number));
    }
  }

  /** By what some node believes that it reaches; it may be out of date. */
  private void findCoordinator() {
    if (coordinator == 0) {
      int asked = 1 + dice.below(cluster.scenario().nodes());
      coordinator =
          cluster
              .node(asked)
              .process()
              .filter(process ->
                  process.isRunning()
                      && cluster.net().areConnected(member.client(), process.node()))
              .flatMap(process -> process.image().partition(member.simGroup().log()))
              .flatMap(entry -> entry.leader())
              .map(node -> node.value())
              .orElse(0);
    }
  }

  /** The node that it takes for the one of its coordinator; 0 if it knows of none. */
  int coordinator() {
    findCoordinator();
    return coordinator;
  }

  void forgetCoordinator() {
    coordinator = 0;
  }

  private void broken(int number, Refused why) {
    attending.ifPresent(SimAttendance.Attending::cut);
    attending = Optional.empty();
    streamNumber = 0;
    member.step(new MemberInput.Broken(number, why));
  }

  void close(int number) {
    if (number == streamNumber) {
      attending.ifPresent(open -> {
        open.end();
        member.later(HALF_CLOSED_NANOS, open::cut);
      });
      attending = Optional.empty();
      streamNumber = 0;
    }
  }

  void send(MemberEffect.Send send, Membership membership) {
    if (attending.isEmpty() || send.stream() != streamNumber) {
      return;
    }
    var open = attending.get();
    var message = cluster.rules().groups().said(send.message(), membership);
    member.note("says", message, send.sequence());
    switch (message) {
      case MemberMessage.Join join -> open.join(stream -> attends(stream, send.sequence(), join));
      case MemberMessage.Heartbeat() -> open.say(send.sequence(), new FromMember.Heartbeat());
      case MemberMessage.Holding(var held) ->
          open.say(
              send.sequence(),
              new FromMember.Holds(held.epoch(), TreePSet.from(held.partitions())));
      case MemberMessage.Subscribe(var wanted) ->
          open.say(send.sequence(), new FromMember.Subscribes(TreePSet.from(wanted)));
      case MemberMessage.Leave(boolean stays, var cause) ->
          open.say(send.sequence(), new FromMember.Leaves(stays, cause));
      case MemberMessage.Sync sync -> throw new IllegalStateException("Expected no " + sync);
    }
  }

  private Attends attends(MemberStream stream, long sequence, MemberMessage.Join join) {
    var plan = cluster.scenario().groups();
    var profile =
        new MemberProfile(
            member.instance(),
            Optional.empty(),
            Optional.of(member.simGroup().assignor()),
            "simulated",
            "client-" + member.client(),
            Duration.ofMillis(plan.sessionMillis()),
            Duration.ofMillis(plan.rebalanceMillis()));
    return new Attends(
        stream,
        sequence,
        member.group(),
        member.id(),
        join.held().epoch(),
        join.attempt(),
        GroupProtocol.NATIVE,
        profile,
        TreePSet.from(join.topics()),
        TreePSet.from(join.held().partitions()),
        List.of());
  }

  /** Hears what comes on one stream, while it is the one there is. */
  private final class Ears implements SimAttendance.Listener {

    private final int number;
    private final int node;

    Ears(int number, int node) {
      this.number = number;
      this.node = node;
    }

    @Override
    public void told(long heard, ToMember message) {
      member.asSoonAsRunning(() -> {
        if (number == streamNumber) {
          member.note("hears", message, heard);
          member.step(input(heard, message));
        }
      });
    }

    private MemberInput input(long heard, ToMember message) {
      return switch (message) {
        case ToMember.Accepted(int epoch, var interval) ->
            new MemberInput.Accepted(number, heard, epoch, interval.toNanos());
        case ToMember.Assignment told -> assigned(heard, told);
        case ToMember.Heard() -> new MemberInput.Heard(number, heard);
        case ToMember.Rejoin _, ToMember.Elected _, ToMember.Handed _ ->
            throw new IllegalStateException("Expected a native group, but was told " + message);
      };
    }

    private MemberInput assigned(long heard, ToMember.Assignment told) {
      var grants = new TreeMap<PartitionId, Grant>();
      for (var grant : told.grants()) {
        var partition = grant.partition();
        var name = Objects.requireNonNull(told.names().get(partition.topic()));
        grants.put(
            partition,
            new Grant(
                partition,
                new TopicPartition(name, partition.partition()),
                grant.grantedEpoch(),
                grant
                    .committed()
                    .map(at -> new CommittedPosition(at.offset(), at.epoch(), at.metadata())),
                cluster.rules().groups().isFromStart(grant.isFromStart())));
      }
      return new MemberInput.Assigned(number, heard, told.epoch(), grants);
    }

    @Override
    public void closed(Refused why, Optional<Integer> hint) {
      member.asSoonAsRunning(() -> {
        if (number == streamNumber) {
          if (!isStillThere(why.code())) {
            coordinator = coordinator == node ? 0 : coordinator;
          }
          hint.ifPresent(there -> coordinator = there);
          member.note("ends", why, number);
          cluster.tally().count("streams of members ended, " + why.code());
          broken(number, why);
        }
      });
    }
  }

  private static boolean isStillThere(ErrorCode code) {
    return code == ErrorCode.COORDINATOR_LOADING
        || code == ErrorCode.INSTANCE_ID_IN_USE
        || code == ErrorCode.FENCED_MEMBER;
  }
}
