package dev.naru.broker.rpc;

import dev.naru.broker.access.AccessRules;
import dev.naru.broker.access.Principal;
import dev.naru.broker.events.EventCode;
import dev.naru.broker.events.RepeatLimit;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** Knows who calls, and turns away whoever may not, before a request has any effect. */
public final class AccessInterceptor implements ServerInterceptor {

  private static final Logger LOG = LogManager.getLogger(AccessInterceptor.class);

  private static final Context.Key<Principal> PRINCIPAL = Context.key("naru-principal");

  private static final Context.Key<String> HOST = Context.key("naru-host");

  private final Principal.Listener listener;
  private final MethodAccess methods;
  private final LongSupplier nanoClock;
  private final RepeatLimit repeats = new RepeatLimit();

  /** For the calls of one listener. */
  public AccessInterceptor(
      Principal.Listener listener, MethodAccess methods, LongSupplier nanoClock) {
    this.listener = listener;
    this.methods = methods;
    this.nanoClock = nanoClock;
  }

  /** The caller of the call under way. */
  static Principal principal() {
    return Optional.ofNullable(PRINCIPAL.get())
        .orElseThrow(() -> new IllegalStateException("Expected to be in a call, but was not"));
  }

  /** Who makes the call under way and from where, for whoever asks later who changed something. */
  static String caller() {
    return principal().name() + "@" + host();
  }

  /** The same; empty outside of a call, where the node acts by itself. */
  static String callerIfAny() {
    return PRINCIPAL.get() == null ? "" : caller();
  }

  /** Where the caller of the call under way is: the same for all its connections. */
  static String host() {
    return Optional.ofNullable(HOST.get()).orElse("");
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    var principal = Principal.anonymous(peerOf(call), listener);
    var refused = check(principal, call.getMethodDescriptor().getFullMethodName());
    if (refused.isPresent()) {
      report(refused.get(), call.getMethodDescriptor().getFullMethodName());
      StatusRuntimeException status = ErrorStatus.of(refused.get());
      call.close(
          status.getStatus(), Optional.ofNullable(status.getTrailers()).orElseGet(Metadata::new));
      return new ServerCall.Listener<>() {};
    }
    return Contexts.interceptCall(
        Context.current().withValues(PRINCIPAL, principal, HOST, hostOf(addressOf(call))),
        call,
        headers,
        next);
  }

  private Optional<Refused> check(Principal principal, String method) {
    return methods
        .of(method)
        .map(required -> AccessRules.check(principal, required))
        .orElseGet(() ->
            Optional.of(
                new Refused(
                    ErrorCode.NOT_AUTHORIZED,
                    "Expected a method with an access rule, but was " + method)));
  }

  private void report(Refused refused, String method) {
    repeats
        .next(nanoClock.getAsLong())
        .ifPresent(suppressed ->
            LOG.warn(
                EventCode.ACCESS_DENIED.marker(),
                "{} refused: {} ({} more since the last line)",
                method,
                refused,
                suppressed));
  }

  private static String peerOf(ServerCall<?, ?> call) {
    return String.valueOf(addressOf(call));
  }

  private static @Nullable SocketAddress addressOf(ServerCall<?, ?> call) {
    return call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
  }

  /** Without the port, which is another one after each reconnect. */
  static String hostOf(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress internet
        ? Optional.ofNullable(internet.getAddress())
            .map(InetAddress::getHostAddress)
            .orElseGet(internet::getHostString)
        : String.valueOf(address);
  }
}
