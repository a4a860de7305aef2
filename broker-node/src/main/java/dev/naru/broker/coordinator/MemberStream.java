package dev.naru.broker.coordinator;

import dev.naru.types.Refused;

/**
 * The stream of one member, as its coordinator sees it. Calls come from the partition's loop and
 * must not block. A stream that its member does not read keeps the newest of what it was told, and
 * no more.
 */
public interface MemberStream {

  /** Whether somebody is there to be told. May turn false at any time, and then stays so. */
  boolean isOpen();

  /**
   * Tells the member something.
   *
   * @param heard sequence of the newest of its messages from which its lease may count; 0 if there
   *     is none
   */
  void tell(long heard, ToMember message);

  /** Ends the stream with this as its last message. */
  void refuse(Refused why);

  /** Ends the stream: all is said. */
  void complete();
}
