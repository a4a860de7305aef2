package dev.naru.testing.history;

/** A run counts only if something was acknowledged and every fault has happened. */
final class Proofs implements Check {

  @Override
  public void look(Account account, Findings findings) {
    for (var incident : account.run().incidents()) {
      if (incident.proof().isPresent()) {
        findings.count("faults.proven");
      } else {
        findings.invalid(
            "nothing proves that %s of %s happened".formatted(incident.kind(), incident.target()));
      }
    }
    account
        .partitions()
        .forEach(partition -> findings.count("leaderships", partition.leaderships()));
    boolean isAnythingOk = account.sessions().stream().anyMatch(Proofs::hasAcknowledgement);
    if (!isAnythingOk) {
      findings.invalid("nothing was acknowledged");
    }
  }

  private static boolean hasAcknowledgement(Session session) {
    for (int i = 0; i < session.count(); i++) {
      if (session.isOk(i)) {
        return true;
      }
    }
    return false;
  }
}
