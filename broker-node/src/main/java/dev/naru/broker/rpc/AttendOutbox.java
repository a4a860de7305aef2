package dev.naru.broker.rpc;

import dev.naru.broker.coordinator.ToMember;
import dev.naru.types.Refused;
import java.util.Optional;

/**
 * What a member's stream has not sent yet. However long its client does not read, this is all:
 * whether it is accepted, the newest of what it is to do, and up to where it was heard. What is
 * newer takes the place of what was never sent.
 *
 * @param heard as of the newest message; carried by whatever is sent
 * @param order the newest assignment, or what a classic member is to do
 * @param isAcknowledged it is to hear that it was heard, if nothing else tells it
 * @param refusal the last message, if there is to be one
 * @param isOver nothing follows
 */
record AttendOutbox(
    long heard,
    Optional<ToMember> accepted,
    Optional<ToMember> order,
    boolean isAcknowledged,
    Optional<Refused> refusal,
    boolean isOver) {

  static final AttendOutbox EMPTY =
      new AttendOutbox(0, Optional.empty(), Optional.empty(), false, Optional.empty(), false);

  AttendOutbox with(long heardNow, ToMember message) {
    if (isOver) {
      return this;
    }
    return switch (message) {
      case ToMember.Accepted _ ->
          new AttendOutbox(heardNow, Optional.of(message), order, true, refusal, false);
      case ToMember.Heard _ -> new AttendOutbox(heardNow, accepted, order, true, refusal, false);
      case ToMember.Assignment _, ToMember.Rejoin _, ToMember.Elected _, ToMember.Handed _ ->
          new AttendOutbox(heardNow, accepted, Optional.of(message), true, refusal, false);
    };
  }

  /** Nothing else matters to a member that is refused. */
  AttendOutbox refused(Refused why) {
    return isOver
        ? this
        : new AttendOutbox(
            heard, Optional.empty(), Optional.empty(), false, Optional.of(why), true);
  }

  AttendOutbox over() {
    return isOver ? this : new AttendOutbox(heard, accepted, order, isAcknowledged, refusal, true);
  }

  /** What is left when all of it has been sent. */
  AttendOutbox sent() {
    return new AttendOutbox(
        heard, Optional.empty(), Optional.empty(), false, Optional.empty(), isOver);
  }

  boolean isEmpty() {
    return accepted.isEmpty() && order.isEmpty() && !isAcknowledged && refusal.isEmpty();
  }
}
