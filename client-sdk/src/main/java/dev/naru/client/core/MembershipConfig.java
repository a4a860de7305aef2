package dev.naru.client.core;

import dev.naru.client.core.MemberMessage.Leave;

/**
 * How a member behaves.
 *
 * @param isClassic whether it comes to another round, or with other wishes, by joining again
 * @param isStatic whether it has a {@code group.instance.id}, so that its place waits for it
 * @param sessionNanos {@code session.timeout.ms}: how long it is a member without being heard
 * @param heartbeatNanos {@code heartbeat.interval.ms}
 * @param pollIntervalNanos {@code max.poll.interval.ms}
 * @param backOff before the coordinator is looked for again
 */
public record MembershipConfig(
    boolean isClassic,
    boolean isStatic,
    long sessionNanos,
    long heartbeatNanos,
    long pollIntervalNanos,
    RetryPolicy backOff) {

  /** Refuses sessions that a few lost heartbeats would end. */
  public MembershipConfig {
    if (heartbeatNanos < 1 || sessionNanos < 3 * heartbeatNanos || pollIntervalNanos < 1) {
      throw new IllegalArgumentException(
          "Expected a session of three heartbeats and a poll interval, but were "
              + sessionNanos
              + ", "
              + heartbeatNanos
              + " and "
              + pollIntervalNanos);
    }
  }

  Leave leave(String cause) {
    return new Leave(isStatic, cause);
  }
}
