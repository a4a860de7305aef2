package dev.naru.client.transport;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import dev.naru.client.NaruException;
import dev.naru.client.NaruTimeoutException;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/**
 * What a failed call means: by the {@code google.rpc.ErrorInfo} that a node attached, else by its
 * status.
 */
final class Statuses {

  private static final String DOMAIN = "naru.dev";

  private Statuses() {}

  static NaruException exception(Throwable failure) {
    var status = Status.fromThrowable(failure);
    var info = errorInfo(failure);
    var code = info.flatMap(Statuses::codeOf).orElseGet(() -> codeOf(status));
    Map<String, String> details = info.map(ErrorInfo::getMetadataMap).orElse(Map.of());
    String message = messageOf(status);
    return code.status() == ErrorCode.Status.DEADLINE_EXCEEDED
        ? new NaruTimeoutException(code, message, details)
        : new NaruException(code, message, details, failure);
  }

  /** What a future failed with, out of the wrapping that its stages put around it. */
  static NaruException exceptionOf(Throwable failure) {
    if (failure instanceof NaruException known) {
      return known;
    }
    return failure instanceof CompletionException && failure.getCause() != null
        ? exceptionOf(failure.getCause())
        : new NaruException(
            ErrorCode.INTERNAL, "Expected an answer, but " + failure, Map.of(), failure);
  }

  /** Whether the call surely never reached a node. */
  static boolean isUnsent(Throwable failure) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException || cause instanceof UnknownHostException) {
        return true;
      }
    }
    return false;
  }

  static Refused refusal(Throwable failure) {
    var exception = exception(failure);
    return new Refused(exception.code(), messageOf(Status.fromThrowable(failure)));
  }

  /** A node that closed a stream in order: it stops. */
  static Refused ended() {
    return new Refused(
        ErrorCode.REQUEST_TIMEOUT, "Expected the stream to stay open, but the node has ended it");
  }

  private static Optional<ErrorInfo> errorInfo(Throwable failure) {
    var status = StatusProto.fromThrowable(failure);
    if (status == null) {
      return Optional.empty();
    }
    return status.getDetailsList().stream()
        .filter(detail -> detail.is(ErrorInfo.class))
        .map(Statuses::unpacked)
        .flatMap(Optional::stream)
        .filter(info -> info.getDomain().equals(DOMAIN))
        .findFirst();
  }

  private static Optional<ErrorInfo> unpacked(Any detail) {
    try {
      return Optional.of(detail.unpack(ErrorInfo.class));
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty(); // then the status has to do
    }
  }

  private static Optional<ErrorCode> codeOf(ErrorInfo info) {
    for (var code : ErrorCode.values()) {
      if (code != ErrorCode.NONE && code.name().equals(info.getReason())) {
        return Optional.of(code);
      }
    }
    return Optional.empty();
  }

  /** A node that says no more than a status, or a proxy, or gRPC itself. */
  private static ErrorCode codeOf(Status status) {
    if (status.getCause() instanceof ClosedChannelException) {
      return ErrorCode.BOOTSTRAP_UNREACHABLE; // gRPC calls that UNKNOWN
    }
    return switch (status.getCode()) {
      case UNAVAILABLE -> ErrorCode.BOOTSTRAP_UNREACHABLE;
      case DEADLINE_EXCEEDED, CANCELLED, ABORTED -> ErrorCode.REQUEST_TIMEOUT;
      case RESOURCE_EXHAUSTED -> ErrorCode.LIMIT_EXCEEDED;
      case UNIMPLEMENTED -> ErrorCode.UNSUPPORTED_VERSION;
      case UNAUTHENTICATED -> ErrorCode.AUTHENTICATION_FAILED;
      case PERMISSION_DENIED -> ErrorCode.NOT_AUTHORIZED;
      case INVALID_ARGUMENT, OUT_OF_RANGE -> ErrorCode.INVALID_REQUEST;
      default -> ErrorCode.INTERNAL;
    };
  }

  private static String messageOf(Status status) {
    var text = new StringBuilder();
    text.append(Optional.ofNullable(status.getDescription()).orElse(status.getCode().name()));
    for (var cause = status.getCause(); cause != null; cause = cause.getCause()) {
      if (cause.getMessage() != null && text.indexOf(cause.getMessage()) < 0) {
        text.append(": ").append(cause.getMessage());
      }
    }
    return text.toString();
  }
}
