package dev.naru.broker.group;

import dev.naru.broker.group.GroupCommand.Join;
import dev.naru.types.PartitionId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.pcollections.TreePSet;

/**
 * A join in the making; what a test does not say is as it mostly is.
 *
 * @param attempt 0 until it is sent: each that a {@link TestGroup} sends has the next number
 */
record Joining(
    MemberId member,
    int knownEpoch,
    int attempt,
    GroupProtocol protocol,
    MemberProfile profile,
    TreePSet<String> subscription,
    TreePSet<PartitionId> holding,
    List<ClassicOffer> offers,
    boolean isInstanceAttended) {

  static Joining of(MemberId member, String... topics) {
    return new Joining(
        member,
        0,
        0,
        GroupProtocol.NATIVE,
        new MemberProfile(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "app",
            "10.0.0.1",
            Duration.ofSeconds(45),
            Duration.ofMinutes(5)),
        TreePSet.from(List.of(topics)),
        TreePSet.empty(),
        List.of(),
        false);
  }

  Joining knowing(int epoch, PartitionId... holding) {
    return new Joining(
        member,
        epoch,
        attempt,
        protocol,
        profile,
        subscription,
        TreePSet.from(List.of(holding)),
        offers,
        isInstanceAttended);
  }

  Joining instance(String instance) {
    return profile(
        new MemberProfile(
            Optional.of(instance),
            profile.rack(),
            profile.assignor(),
            profile.clientId(),
            profile.host(),
            profile.session(),
            profile.rebalance()));
  }

  Joining assignor(String assignor) {
    return profile(
        new MemberProfile(
            profile.instance(),
            profile.rack(),
            Optional.of(assignor),
            profile.clientId(),
            profile.host(),
            profile.session(),
            profile.rebalance()));
  }

  Joining session(Duration session) {
    return profile(
        new MemberProfile(
            profile.instance(),
            profile.rack(),
            profile.assignor(),
            profile.clientId(),
            profile.host(),
            session,
            profile.rebalance()));
  }

  Joining host(String host) {
    return profile(
        new MemberProfile(
            profile.instance(),
            profile.rack(),
            profile.assignor(),
            profile.clientId(),
            host,
            profile.session(),
            profile.rebalance()));
  }

  Joining wanting(String... topics) {
    return new Joining(
        member,
        knownEpoch,
        attempt,
        protocol,
        profile,
        TreePSet.from(List.of(topics)),
        holding,
        offers,
        isInstanceAttended);
  }

  /** While the other one with this instance id has a stream. */
  Joining whileAttended() {
    return new Joining(
        member, knownEpoch, attempt, protocol, profile, subscription, holding, offers, true);
  }

  /** A classic member that knows these ways of sharing. */
  Joining offering(String... names) {
    return offering(1, names);
  }

  /** The same, with this to say to its leader. */
  Joining offering(int metadata, String... names) {
    return new Joining(
        member,
        knownEpoch,
        attempt,
        GroupProtocol.CLASSIC,
        profile,
        subscription,
        holding,
        Stream.of(names).map(name -> new ClassicOffer(name, Opaque.of((byte) metadata))).toList(),
        isInstanceAttended);
  }

  Joining attempt(int number) {
    return new Joining(
        member,
        knownEpoch,
        number,
        protocol,
        profile,
        subscription,
        holding,
        offers,
        isInstanceAttended);
  }

  Join command(TopicsSeen topics, long nowMillis) {
    return new Join(
        member,
        knownEpoch,
        attempt,
        protocol,
        profile,
        subscription,
        holding,
        offers,
        isInstanceAttended,
        topics,
        nowMillis);
  }

  private Joining profile(MemberProfile changed) {
    return new Joining(
        member,
        knownEpoch,
        attempt,
        protocol,
        changed,
        subscription,
        holding,
        offers,
        isInstanceAttended);
  }
}
