package dev.naru.broker.coordinator;

import dev.naru.broker.group.MemberId;

/** A member on its stream. */
final class Attendant {

  private final MemberStream stream;
  private final String group;
  private final MemberId member;
  private final int attempt;
  private final long acceptEnd;
  private Hearing proven = Hearing.NONE;
  private Hearing next = Hearing.NONE;
  private Hearing newest = Hearing.NONE;
  private boolean isAccepted;
  private Told told = Told.NOTHING;

  /**
   * One of its messages.
   *
   * @param at counts all that the shard has heard
   */
  private record Hearing(long sequence, long at) {
    static final Hearing NONE = new Hearing(0, 0);
  }

  /** What the member was last told to do. */
  sealed interface Told {

    Told NOTHING = new Nothing();

    record Nothing() implements Told {}

    /** What it may hold at this epoch. */
    record Assigned(int epoch) implements Told {}

    record Rejoin(int generation) implements Told {}

    record Elected(int generation) implements Told {}

    record Handed(int generation) implements Told {}
  }

  /**
   * A member whose join is to be answered.
   *
   * @param attempt number of its join
   * @param acceptEnd once everything below is committed
   */
  Attendant(MemberStream stream, String group, MemberId member, int attempt, long acceptEnd) {
    this.stream = stream;
    this.group = group;
    this.member = member;
    this.attempt = attempt;
    this.acceptEnd = acceptEnd;
  }

  MemberStream stream() {
    return stream;
  }

  @SuppressWarnings("ReferenceEquality") // a stream is itself and no other
  boolean isOn(MemberStream one) {
    return stream == one;
  }

  String group() {
    return group;
  }

  MemberId member() {
    return member;
  }

  /** Which of the member's joins brought it here. */
  int attempt() {
    return attempt;
  }

  /** Its join may be answered once everything below this is committed. */
  long acceptEnd() {
    return acceptEnd;
  }

  boolean isAccepted() {
    return isAccepted;
  }

  void accept() {
    isAccepted = true;
  }

  Told told() {
    return told;
  }

  void told(Told what) {
    told = what;
  }

  /**
   * Takes in that it was heard. The first message that waits to count is remembered beside the
   * newest, or a member that says much would wait for ever.
   *
   * @param sequence of its message
   * @param at counts all that the shard has heard
   */
  void hear(long sequence, long at) {
    newest = new Hearing(sequence, at);
    if (next.at() <= proven.at()) {
      next = newest;
    }
  }

  /**
   * The newest of its messages from which its lease may count; 0 if there is none.
   *
   * @param provenAt all that the shard heard up to here it heard as the leader
   */
  long leaseFrom(long provenAt) {
    if (newest.at() <= provenAt) {
      proven = newest;
    } else if (next.at() <= provenAt && next.at() > proven.at()) {
      proven = next;
      next = newest;
    }
    return proven.sequence();
  }

  /** From which of its messages its lease counts, as far as is known. */
  long lease() {
    return proven.sequence();
  }

  /** Whether it waits to hear that it was heard. */
  boolean isUnproven() {
    return proven.at() < newest.at();
  }
}
