package dev.naru.chaos.load;

import dev.naru.client.OffsetReset;
import dev.naru.client.consumer.ConsumerBuilder;
import java.time.Duration;
import java.util.Optional;

/**
 * What the members of a group have in common.
 *
 * @param number of the group, in histories
 * @param topic what they read; {@link #other} is read by those who are told so
 * @param commitEvery how often a member commits what it was given
 */
public record MemberRole(
    String group, int number, String topic, Duration session, Duration commitEvery) {

  private static final int HEARTBEATS_A_SESSION = 6;

  /** Another topic, of which nobody expects anything. */
  public String other() {
    return topic + "-more";
  }

  /** As a command line has it. */
  String[] words() {
    return new String[] {
      group,
      Integer.toString(number),
      topic,
      Long.toString(session.toMillis()),
      Long.toString(commitEvery.toMillis())
    };
  }

  /** The reverse, from this word on. */
  static MemberRole of(String[] words, int from) {
    return new MemberRole(
        words[from],
        Integer.parseInt(words[from + 1]),
        words[from + 2],
        Duration.ofMillis(Long.parseLong(words[from + 3])),
        Duration.ofMillis(Long.parseLong(words[from + 4])));
  }

  /** Whoever is new begins where the group is, and the group at the beginning. */
  <K, V> ConsumerBuilder<K, V> applyTo(ConsumerBuilder<K, V> settings, Optional<String> instance) {
    instance.ifPresent(settings::groupInstanceId);
    return settings
        .groupId(group)
        .autoCommit(false)
        .autoOffsetReset(OffsetReset.EARLIEST)
        .sessionTimeout(session)
        .heartbeatInterval(session.dividedBy(HEARTBEATS_A_SESSION));
  }
}
