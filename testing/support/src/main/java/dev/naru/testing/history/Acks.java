package dev.naru.testing.history;

import java.util.Arrays;

/** When a producer takes a record for written. */
public enum Acks {
  /** At once: nothing is promised. */
  NONE(0, "none"),
  /** Once the leader has it: what was acknowledged may be lost with the leader. */
  LEADER(1, "leader"),
  /** Once it is committed: it may never be lost. */
  ALL(2, "all");

  private final int code;
  private final String text;

  Acks(int code, String text) {
    this.code = code;
    this.text = text;
  }

  /** As figures are named. */
  String text() {
    return text;
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
