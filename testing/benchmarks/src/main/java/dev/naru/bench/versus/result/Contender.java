package dev.naru.bench.versus.result;

/** Who is measured. */
public enum Contender {
  /** First in every round. */
  KAFKA("Kafka"),
  /** Second. */
  NARU("Naru");

  private final String title;

  Contender(String title) {
    this.title = title;
  }

  /** The name for people. */
  public String title() {
    return title;
  }
}
