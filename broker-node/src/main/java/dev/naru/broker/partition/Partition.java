package dev.naru.broker.partition;

import dev.naru.broker.partition.PartitionInput.Closed;
import dev.naru.broker.partition.PartitionInput.DamageFound;
import dev.naru.broker.partition.PartitionInput.FetchGone;
import dev.naru.broker.partition.PartitionInput.FetchWaits;
import dev.naru.broker.partition.PartitionInput.FollowerLost;
import dev.naru.broker.partition.PartitionInput.Forced;
import dev.naru.broker.partition.PartitionInput.FromFollower;
import dev.naru.broker.partition.PartitionInput.FromLeader;
import dev.naru.broker.partition.PartitionInput.ImageApplied;
import dev.naru.broker.partition.PartitionInput.LeaderLost;
import dev.naru.broker.partition.PartitionInput.LogRepaired;
import dev.naru.broker.partition.PartitionInput.ProduceArrived;
import dev.naru.broker.partition.PartitionInput.ProduceSpoiled;
import dev.naru.broker.partition.PartitionInput.ProducersAged;
import dev.naru.broker.partition.PartitionInput.ProposalRefused;
import dev.naru.broker.partition.PartitionInput.PurgeEndAsked;
import dev.naru.broker.partition.PartitionInput.ReadDone;
import dev.naru.broker.partition.PartitionInput.RollDue;
import dev.naru.broker.partition.PartitionInput.SealLost;
import dev.naru.broker.partition.PartitionInput.SegmentsCompacted;
import dev.naru.broker.partition.PartitionInput.StandingAsked;
import dev.naru.broker.partition.PartitionInput.StartAsked;
import dev.naru.broker.partition.PartitionInput.StartDue;
import dev.naru.broker.partition.PartitionInput.TenantAsked;
import dev.naru.broker.partition.PartitionInput.TenantTold;
import dev.naru.broker.partition.PartitionInput.Tick;
import dev.naru.broker.replica.KnownLeader;
import dev.naru.broker.replica.LocalNode;
import dev.naru.broker.replica.PartitionAssignment;
import dev.naru.broker.replica.PartitionEvent;
import dev.naru.broker.replica.PartitionEvent.CorruptionFound;
import dev.naru.broker.replica.PartitionEvent.StorageFailed;
import dev.naru.broker.replica.ProduceAsked;
import dev.naru.broker.replica.ReplicationConfig;
import dev.naru.broker.replica.SafetyRules;
import dev.naru.log.PartitionLog;
import dev.naru.log.disk.Damage;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.disk.StorageException;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionEpoch;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A partition as this node holds it. The image gives it a role for each leader epoch; the role
 * decides what inputs mean, this class only hands them on and changes the role.
 *
 * <p>It has one owner, which calls {@link #take} for each input and {@link #settle} after the last
 * of a turn. Only {@link #view} may be called by others. It has no thread and no clock: what the
 * owner does not hand in does not happen.
 *
 * <p>A failure of the disk takes the partition offline for as long as the process lives, damage in
 * the log until it has been repaired; nothing is acknowledged meanwhile.
 */
public final class Partition {

  private final HeldPartition held;
  private Role role;
  private RoleKey roleKey;
  private Use use = Use.IN_USE;

  private enum Use {
    IN_USE,
    /** Its log is damaged, and is nobody's until it comes back repaired. */
    DAMAGED,
    /** For good. */
    ENDED
  }

  /** What a role is bound to: when it changes, another role begins. */
  private sealed interface RoleKey {

    record Leads(LeaderEpoch epoch) implements RoleKey {}

    record Follows(KnownLeader leader) implements RoleKey {}

    record Rests(Refused why) implements RoleKey {}
  }

  /** A partition of a topic of users, without a role yet. */
  public Partition(
      LocalNode self,
      PartitionLog log,
      ReplicationConfig config,
      SafetyRules rules,
      PartitionPorts ports,
      long nowNanos) {
    this(self, log, config, rules, ports, Optional.empty(), nowNanos);
  }

  /**
   * A partition without a role yet, over this recovered or new log.
   *
   * @param tenancy who lives with it where it is led; nobody with the partitions of users
   */
  public Partition(
      LocalNode self,
      PartitionLog log,
      ReplicationConfig config,
      SafetyRules rules,
      PartitionPorts ports,
      Optional<Tenancy> tenancy,
      long nowNanos) {
    held = new HeldPartition(self, log, config, rules, ports, tenancy, nowNanos);
    var why =
        new Refused(
            ErrorCode.NODE_STARTING,
            "Expected an image that holds %s, but none was applied yet".formatted(log.id()));
    role = new OfflineRole(held, why);
    roleKey = new RoleKey.Rests(why);
  }

  public PartitionId id() {
    return held.id();
  }

  /** The partition as it is now; may be called by any thread. */
  public PartitionView view() {
    return held.view();
  }

  /** What producers have written to it here; any thread may ask. */
  public PartitionTraffic traffic() {
    return held.traffic();
  }

  /** How far followers are behind while this node leads. */
  public FollowerLags lags() {
    return held.lags();
  }

  /** Takes in what happened and does what follows from it. */
  public void take(PartitionInput input) {
    try {
      hand(input);
    } catch (StorageException failed) {
      end(new StorageFailed(String.valueOf(failed.getMessage())));
    } catch (LogDamagedException damaged) {
      suspend(damaged.damage());
    }
    held.publish();
  }

  /**
   * Does what is worth doing once for many inputs: asks for a group commit, acknowledges to the
   * leader, sends watermarks.
   */
  public void settle() {
    try {
      role.settle();
      if (use == Use.IN_USE) {
        held.settle();
      }
    } catch (StorageException failed) {
      end(new StorageFailed(String.valueOf(failed.getMessage())));
    }
  }

  /**
   * Whether time alone changes nothing here. Then the owner may leave out ticks, and hands one in
   * before the next input, so that nothing is judged by an old clock.
   */
  public boolean isAtRest() {
    return role.isAtRest();
  }

  /** Whether it wants more ticks than are usual, for a while. */
  public boolean isImpatient() {
    return role.isImpatient();
  }

  private void hand(PartitionInput input) {
    switch (input) {
      case ImageApplied(var assignment) -> onImage(assignment);
      case ProduceArrived(var asked) -> onProduce(asked);
      case ProduceSpoiled(var key, var acks, var why) -> held.refuse(key, acks, why);
      case FetchWaits waits -> role.fetchWaits(waits);
      case FetchGone(var key) -> role.fetchGone(key);
      case FromFollower(var from, var message) -> role.fromFollower(from, message);
      case FollowerLost(var subscription) -> role.followerLost(subscription);
      case FromLeader(var leader, var message) -> role.fromLeader(leader, message);
      case LeaderLost(var leader, long subscription) -> role.leaderLost(leader, subscription);
      case ReadDone read -> role.readDone(read);
      case Forced(var ticket) -> {
        if (use == Use.IN_USE) {
          role.durable(held.forced(ticket));
        }
      }
      case SegmentsCompacted(var segments, var done) ->
          done.accept(
              use == Use.IN_USE
                  && segments.purgedBelow() <= role.purgeEnd()
                  && held.log().swap(segments));
      case PurgeEndAsked(var answer) ->
          answer.accept(
              use == Use.IN_USE ? OptionalLong.of(role.purgeEnd()) : OptionalLong.empty());
      case ProposalRefused(var proposal, var why) -> role.proposalRefused(proposal, why);
      case StartDue due -> role.startDue(due);
      case StartAsked asked -> role.startAsked(asked);
      case RollDue(long base) -> {
        if (use == Use.IN_USE) {
          held.roll(base);
        }
      }
      case ProducersAged(int erasMax) -> {
        if (use == Use.IN_USE) {
          held.log().producers().age(erasMax);
        }
      }
      case PartitionInput.StorageFailed(var what) -> end(new StorageFailed(what));
      case DamageFound(var damage) -> suspend(damage);
      case LogRepaired(var log) -> repaired(log);
      case SealLost(long segmentBase) -> {
        if (use == Use.IN_USE) {
          held.log().sealAgain(segmentBase);
        }
      }
      case TenantAsked asked -> role.tenantAsked(asked);
      case TenantTold told -> role.tenantTold(told);
      case StandingAsked(var epoch, var answer) -> answer.accept(standing(epoch));
      case Tick(long nowNanos) -> {
        held.tick(nowNanos);
        role.tick(nowNanos);
      }
      case Closed() -> close();
    }
  }

  /** Only while there is no leader by the same entry: then nobody appends to the log or cuts it. */
  private Optional<LogStanding> standing(PartitionEpoch epoch) {
    boolean isSameEntry =
        held.assignment()
            .filter(known -> known.partitionEpoch().equals(epoch) && !known.entry().hasLeader())
            .isPresent();
    if (!isSameEntry || use == Use.ENDED) {
      return Optional.empty();
    }
    if (use == Use.DAMAGED) {
      return Optional.of(new LogStanding.Damaged());
    }
    held.force(); // what the role before may have left in memory
    return Optional.of(held.standing());
  }

  private void onProduce(ProduceAsked asked) {
    held.behindRefused(asked)
        .ifPresentOrElse(
            why -> held.refuse(asked.key(), asked.acks(), why), () -> role.produce(asked));
  }

  // ---- roles (steps 1 to 3)

  private void onImage(PartitionAssignment newest) {
    if (held.assignment().filter(known -> isNotOlder(known, newest)).isPresent()) {
      return;
    }
    held.assign(newest);
    if (use != Use.IN_USE) {
      return; // but who leads now, it can tell
    }
    var wanted = keyOf(newest);
    if (wanted.equals(roleKey)) {
      role.reassigned(newest);
      return;
    }
    begin(wanted, newest);
  }

  private static boolean isNotOlder(PartitionAssignment known, PartitionAssignment newest) {
    return known.imageIndex() >= newest.imageIndex()
        || newest.partitionEpoch().isBefore(known.partitionEpoch());
  }

  private RoleKey keyOf(PartitionAssignment assignment) {
    var self = held.self();
    var own = assignment.replicaOn(self.id());
    if (own.isEmpty() || !own.get().nodeEpoch().equals(self.epoch())) {
      return new RoleKey.Rests(
          new Refused(
              ErrorCode.NOT_REPLICA,
              "Expected a replica of %s on node %s under epoch %s, but the image has %s"
                  .formatted(held.id(), self.id(), self.epoch(), assignment.replicas())));
    }
    var leader = assignment.knownLeader();
    if (leader.isEmpty()) {
      return new RoleKey.Rests(
          new Refused(
              ErrorCode.LEADER_NOT_AVAILABLE,
              "Expected a leader of %s, but there is none at leader epoch %s"
                  .formatted(held.id(), assignment.leaderEpoch())));
    }
    return leader.get().node().equals(self.id())
        ? new RoleKey.Leads(leader.get().epoch())
        : new RoleKey.Follows(leader.get());
  }

  private void begin(RoleKey wanted, PartitionAssignment assignment) {
    role.end();
    roleKey = wanted;
    role =
        switch (wanted) {
          case RoleKey.Leads _ -> new LeaderRole(held, assignment);
          case RoleKey.Follows(var leader) -> new FollowerRole(held, assignment, leader);
          case RoleKey.Rests(var why) -> new OfflineRole(held, why);
        };
    role.begin();
  }

  // ---- the end

  private void suspend(Damage damage) {
    if (use == Use.IN_USE) {
      use = Use.DAMAGED;
      putOutOfUse(new CorruptionFound(damage));
    }
  }

  private void end(PartitionEvent why) {
    if (use == Use.IN_USE) {
      putOutOfUse(why);
    }
    use = Use.ENDED;
  }

  /**
   * Clients and followers are told to look elsewhere, not what is wrong here: to them it says
   * nothing about their own batch or log, and another replica may lead. Whoever hears the event may
   * take the log over: it is not touched any more.
   */
  private void putOutOfUse(PartitionEvent why) {
    rest(
        new Refused(
            ErrorCode.NOT_LEADER,
            "Expected a usable log of %s on node %s, but it is out of use: %s"
                .formatted(id(), held.self().id(), why)));
    held.report(why);
  }

  private void repaired(PartitionLog log) {
    if (use == Use.DAMAGED) {
      use = Use.IN_USE;
      held.repaired(log);
      held.assignment().ifPresent(newest -> begin(keyOf(newest), newest));
    }
  }

  private void close() {
    if (use == Use.IN_USE) {
      rest(
          new Refused(
              ErrorCode.NOT_LEADER,
              "Expected %s on node %s, but it was closed there".formatted(id(), held.self().id())));
    }
    use = Use.ENDED;
  }

  private void rest(Refused why) {
    role.end();
    roleKey = new RoleKey.Rests(why);
    role = new OfflineRole(held, why);
    role.begin();
  }
}
