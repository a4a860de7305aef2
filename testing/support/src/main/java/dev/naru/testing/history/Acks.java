package dev.naru.testing.history;

import java.util.Arrays;

/** When a producer takes a record for written. */
public enum Acks {
  /** At once: nothing is promised. */
  NONE(0),
  /** Once the leader has it: what was acknowledged may be lost with the leader. */
  LEADER(1),
  /** Once it is committed: it may never be lost. */
  ALL(2);

  private final int code;

  Acks(int code) {
    this.code = code;
  }

  /** As it stands in files. */
  int code() {
    return code;
  }

  static Acks of(int code) {
    return Arrays.stream(values())
        .filter(acks -> acks.code == code)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("Expected acks, but was " + code));
  }
}
