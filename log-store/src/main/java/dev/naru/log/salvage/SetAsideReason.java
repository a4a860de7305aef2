package dev.naru.log.salvage;

import java.util.Locale;
import java.util.stream.Stream;

/** Why something is no longer part of a log. Manifests carry the word. */
public enum SetAsideReason {
  /** A follower cut what its leader does not have: nobody's log holds it any more. */
  CUT_TAIL,
  /** A start cut what a crash had left above the last good batch. Others may have it. */
  TORN_TAIL,
  /** A follower began anew, because its log shared nothing with the leader's. */
  STARTED_OVER,
  /** The segment in which damage was found. */
  DAMAGED,
  /** What lay above damage; it is fetched again. */
  ABOVE_DAMAGE,
  /** A log of which nothing could be used; it is fetched again. */
  UNUSABLE,
  /** A person deleted the topic. */
  TOPIC_DELETED,
  /** The replica was moved to another node. */
  REPLICA_MOVED,
  /** The cluster gives this node no replica of it. */
  NOT_OURS,
  /** Its manifest has no word for it, or one of another release. */
  UNKNOWN;

  /** As manifests have it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The one of this text; a word that nobody knows explains nothing. */
  public static SetAsideReason of(String text) {
    return Stream.of(values()).filter(each -> each.text().equals(text)).findFirst().orElse(UNKNOWN);
  }

  /**
   * Whether it may hold records that no log holds any more, since it was cut off the end of one.
   * All other things were fetched again or are gone on purpose: to write their records once more
   * would double or revive them.
   */
  public boolean isCutOff() {
    return this == CUT_TAIL || this == TORN_TAIL;
  }
}
