package dev.naru.client.core;

/**
 * Whether a batch may be stored, by all that was heard of it. While it is on its way it may be;
 * this is what is known once its answers are in.
 */
public enum Outlook {
  /** It has no numbers yet, so nothing waits for it. */
  NEVER_SENT,
  /** It has its numbers, and each leader that was sent it has said that it did not append it. */
  SURELY_NOT_STORED,
  /** At least once nobody said so. No later answer takes that back: a copy may still arrive. */
  MAY_BE_STORED;

  /** After a leader has refused it and said that it appended nothing. */
  public Outlook refusedUnappended() {
    return this == MAY_BE_STORED ? MAY_BE_STORED : SURELY_NOT_STORED;
  }
}
