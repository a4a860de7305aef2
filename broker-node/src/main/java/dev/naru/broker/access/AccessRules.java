package dev.naru.broker.access;

import dev.naru.broker.access.Principal.Listener;
import dev.naru.broker.access.RequiredAccess.Operation;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.Optional;

/**
 * Decides every request. Clients are told apart by listener only until they can prove who they are:
 * what belongs to nodes is refused to them, everything else is allowed.
 */
public final class AccessRules {

  private AccessRules() {}

  /** Empty when the principal may. */
  public static Optional<Refused> check(Principal principal, RequiredAccess required) {
    boolean isForNodes = required.operation() == Operation.NODE;
    if (isForNodes && principal.listener() != Listener.INTERNAL) {
      return Optional.of(
          new Refused(
              ErrorCode.NOT_AUTHORIZED,
              "Expected a node of this cluster on the internal listener, but was " + principal));
    }
    return Optional.empty();
  }
}
