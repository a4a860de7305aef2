package dev.naru.broker.node;

/** How far the start of a node is. */
record StartProgress(Startup startup, RecoveryProgress recovery, StartWaits waits) {

  /** The step in which logs are recovered. */
  static final String RECOVERY_STEP = "logs";

  /** The step under way; of one that may take long, how far it is, or what it waits for. */
  String words() {
    var step = startup.current();
    var more = step.equals(RECOVERY_STEP) ? recovery.words() : waits.words();
    return more.isEmpty() ? step : step + "; " + more;
  }
}
