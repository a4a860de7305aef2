package dev.naru.client.consumer;

import dev.naru.client.ClientConfig;
import dev.naru.client.ClientMetrics;
import dev.naru.client.ConsumerConfig;
import dev.naru.client.GroupConfig;
import dev.naru.client.GroupProtocol;
import dev.naru.client.core.MemberIdentity;
import dev.naru.client.core.Membership;
import dev.naru.client.core.MembershipConfig;
import dev.naru.client.core.RetryPolicy;
import dev.naru.client.transport.Channels;
import dev.naru.client.transport.ClientLoop;
import dev.naru.client.transport.Coordinators;
import dev.naru.client.transport.GroupCalls;
import dev.naru.client.transport.OffsetLookup;
import dev.naru.client.transport.Router;
import dev.naru.client.transport.TopicNames;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The parts of a client that its consumers share.
 *
 * @param memberIds gives each consumer its own
 */
public record ConsumerMeans(
    Router router,
    Channels channels,
    OffsetLookup offsets,
    Coordinators coordinators,
    GroupCalls groupCalls,
    TopicNames topicNames,
    ClientMetrics metrics,
    ClientLoop loop,
    LongSupplier wallMillis,
    RandomGenerator dice,
    Supplier<UUID> memberIds) {

  /** The parts of one consumer that its group works with. */
  record Parts(OneThread oneThread, Inbox inbox, Readings readings) {}

  /** What a consumer with this group does besides reading. */
  GroupSession join(String group, ClientConfig clientConfig, ConsumerConfig config, Parts parts) {
    var settings = config.group();
    var retry = RetryPolicy.of(clientConfig);
    var identity =
        new MemberIdentity(
            group,
            memberIds.get(),
            settings.instanceId(),
            config.rack(),
            clientConfig.clientId(),
            (int) settings.sessionTimeout().toMillis(),
            (int) settings.maxPollInterval().toMillis(),
            settings.remoteAssignor());
    var membership =
        new Membership(
            new MembershipConfig(
                settings.protocol() == GroupProtocol.CLASSIC,
                settings.instanceId().isPresent(),
                settings.sessionTimeout().toNanos(),
                settings.heartbeatInterval().toNanos(),
                settings.maxPollInterval().toNanos(),
                retry),
            dice);
    return new GroupSession(
        config,
        new GroupLink(
            identity,
            classicSide(group, settings, clientConfig.requestTimeout(), retry),
            membership,
            coordinators,
            channels,
            loop,
            parts.inbox),
        parts.oneThread,
        loop,
        parts.inbox,
        parts.readings,
        metrics,
        groupCalls,
        PatternWatch.of(
            topicNames,
            loop,
            parts.inbox,
            clientConfig.metadataMaxAge(),
            clientConfig.retryBackoffMax()),
        clientConfig.requestTimeout(),
        retry,
        dice);
  }

  private Optional<ClassicSide> classicSide(
      String group, GroupConfig settings, Duration limit, RetryPolicy retry) {
    return settings.protocol() == GroupProtocol.CLASSIC
        ? Optional.of(
            new ClassicSide(
                group, settings.strategies(), router, groupCalls, loop, limit, retry, dice))
        : Optional.empty();
  }
}
