package dev.naru.cli;

/** What the process ends with. Errors with a code have the status of that code. */
public final class ExitStatus {

  /** Done. */
  public static final int DONE = 0;

  /** Failed in a way that has no number of its own. */
  public static final int FAILED = 1;

  /** A flag or value that makes no sense. */
  public static final int USAGE = 2;

  /** Something must be so first, and is not. */
  public static final int PRECONDITION = 4;

  private ExitStatus() {}
}
