package dev.naru.cli.doctor;

/** How bad a finding is, the worst last. */
public enum Severity {
  /** As it should be. */
  OK,
  /** Nothing could be looked at; the message says why. */
  NOT_CHECKED,
  /** Will hurt one day. */
  WARN,
  /** Hurts now. */
  ERROR;

  /** Whether somebody should act. */
  public boolean isFault() {
    return this == WARN || this == ERROR;
  }
}
