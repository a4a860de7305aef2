package dev.naru.broker.coordinator;

import java.time.Duration;

/** How much a shard takes on, and how long anything in it may take. */
public final class ShardLimits {

  /** Groups, members and offsets of one shard: some hundred bytes each. */
  public static final int KEYS_MAX = 1_000_000;

  /** What one command may write: less than the topic takes, and more than the largest target. */
  public static final int BATCH_BYTES_MAX = 6 * 1024 * 1024;

  /** Calls that wait for what they asked for to be committed. */
  static final int WAITING_MAX = 10_000;

  /** What is written and not committed: a few kilobytes each, and several a second and member. */
  static final int BATCHES_MAX = 10_000;

  /** No call waits for longer; a client asks again. */
  static final Duration WAIT_MAX = Duration.ofSeconds(30);

  /** Members that join together get one target: it waits for so long after the last of them. */
  static final Duration JOIN_DELAY = Duration.ofMillis(200);

  /** And no longer than this after the first. */
  static final Duration JOIN_DELAY_MAX = Duration.ofSeconds(1);

  /** How long the first round of a classic group waits for others. */
  static final Duration GATHERING = Duration.ofSeconds(3);

  /** Without a current image, the time between writes by which a shard shows that it leads. */
  static final Duration PROOF_INTERVAL = Duration.ofSeconds(1);

  /** What could not be written is tried again after this. */
  static final Duration RETRY = Duration.ofSeconds(1);

  /** What cannot be done as things are is looked at again after this. */
  static final Duration LATER = Duration.ofSeconds(10);

  /** A tick that comes later than this shows that the shard itself stood still. */
  static final Duration TICK_LATE = Duration.ofSeconds(1);

  /** Members are asked to be heard at least this often. */
  static final Duration HEARTBEAT_MAX = Duration.ofSeconds(3);

  /** Deadlines that are dealt with in one tick: each may compute for a millisecond. */
  static final int DUE_MAX = 50;

  /** Groups that are looked at in one tick for whether their topics have changed. */
  static final int LOOK_MAX = 100;

  /** Groups that are looked at in one tick for what can be forgotten. */
  static final int FORGET_MAX = 50;

  private ShardLimits() {}
}
