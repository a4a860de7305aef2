package dev.naru.metadata.image;

/** How far an operation is. */
public enum OperationState {
  /** Under way, or waiting for what it names. */
  RUNNING,
  /** To be undone as far as it is not done. */
  CANCELLING,
  /** Done. */
  DONE,
  /** Over; what was not done by then is as it was before. */
  CANCELLED;

  /** Whether nothing more comes of it. */
  public boolean isFinished() {
    return this == DONE || this == CANCELLED;
  }
}
