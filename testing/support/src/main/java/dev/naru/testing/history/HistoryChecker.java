package dev.naru.testing.history;

import java.util.List;

/**
 * Judges a run by what its clients were told and what is left at the end. Holds 40 bytes for each
 * record; everything else is walked through in its files. Refuses runs of more than {@value
 * Account#RECORDS_MAX} records.
 *
 * <p>Not for compacted topics, whose records go one by one, nor for compressed batches.
 */
public final class HistoryChecker {

  private static final List<Check> CHECKS =
      List.of(
          new Proofs(),
          new WholeReads(),
          new VersionOrder(),
          new LostWrites(),
          new SeenValues(),
          new Duplicates(),
          new SessionOrder(),
          new RealTimeOrder(),
          new Polls(),
          new StoredLogs(),
          new Divergence(),
          new Monotony(),
          new Liveness(),
          new Unread(),
          new OneOwner(),
          new CommittedOffsets(),
          new GivenToGroups());

  private HistoryChecker() {}

  /** Looks at everything there is. */
  public static Verdict check(Run run) {
    return check(run, Account.RECORDS_MAX);
  }

  static Verdict check(Run run, long recordsMax) {
    var findings = new Findings(run.incidents());
    try {
      var account = new AccountBook(run, findings, recordsMax).read();
      CHECKS.forEach(check -> check.look(account, findings));
    } catch (AccountBook.TooLargeException e) {
      findings.invalid(String.valueOf(e.getMessage()));
    }
    return findings.verdict();
  }
}
