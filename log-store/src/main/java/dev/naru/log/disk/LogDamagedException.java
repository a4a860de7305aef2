package dev.naru.log.disk;

/**
 * A log holds something else than what was written. That log serves nothing more until it has been
 * fetched anew from a peer; the other logs of the directory go on.
 */
public final class LogDamagedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient Damage damage;

  /** This was found. */
  public LogDamagedException(Damage damage) {
    super(damage.toString());
    this.damage = damage;
  }

  /** What was found, and where. */
  public Damage damage() {
    return damage;
  }
}
