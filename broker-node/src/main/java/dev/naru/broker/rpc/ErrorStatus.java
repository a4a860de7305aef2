package dev.naru.broker.rpc;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Map;
import java.util.Optional;

/**
 * A refusal as a gRPC status: the code of the table, and details that a program can read. The
 * reason of {@code ErrorInfo} is the {@link ErrorCode}, its domain is Naru's.
 */
public final class ErrorStatus {

  /** The domain of every {@code ErrorInfo}. */
  public static final String DOMAIN = "naru.dev";

  /** What a caller waits before it repeats a call, when nothing better is known. */
  private static final Duration RETRY_DELAY = Duration.newBuilder().setNanos(100_000_000).build();

  private ErrorStatus() {}

  /** The whole call failed. */
  public static StatusRuntimeException of(Refused why) {
    return of(why, Map.of());
  }

  /** The whole call failed; with what the code's entry in the table says rides along. */
  public static StatusRuntimeException of(Refused why, Map<String, String> metadata) {
    return with(why, metadata, Optional.empty());
  }

  /** One field of the request is at fault. */
  static StatusRuntimeException ofField(Refused why, String field) {
    var violation =
        BadRequest.FieldViolation.newBuilder().setField(field).setDescription(why.reason()).build();
    return with(
        why,
        Map.of("field", field),
        Optional.of(BadRequest.newBuilder().addFieldViolations(violation).build()));
  }

  private static StatusRuntimeException with(
      Refused why, Map<String, String> metadata, Optional<BadRequest> badRequest) {
    var info =
        ErrorInfo.newBuilder()
            .setReason(why.code().name())
            .setDomain(DOMAIN)
            .putAllMetadata(metadata)
            .build();
    var status =
        com.google.rpc.Status.newBuilder()
            .setCode(codeOf(why.code()).value())
            .setMessage(why.reason())
            .addDetails(Any.pack(info));
    badRequest.ifPresent(detail -> status.addDetails(Any.pack(detail)));
    if (why.code().isRetriable()) {
      status.addDetails(Any.pack(RetryInfo.newBuilder().setRetryDelay(RETRY_DELAY).build()));
    }
    return StatusProto.toStatusRuntimeException(status.build());
  }

  /** Whether another node failed the call for this reason. */
  static boolean says(Throwable fault, ErrorCode code) {
    return Optional.ofNullable(StatusProto.fromThrowable(fault)).stream()
        .flatMap(status -> status.getDetailsList().stream())
        .filter(detail -> detail.is(ErrorInfo.class))
        .anyMatch(detail -> code.name().equals(reason(detail)));
  }

  /** Whether a node of ours said why, and not only that a connection failed. */
  static boolean isOurs(Throwable fault) {
    return Optional.ofNullable(StatusProto.fromThrowable(fault)).stream()
        .flatMap(status -> status.getDetailsList().stream())
        .anyMatch(detail -> detail.is(ErrorInfo.class));
  }

  private static String reason(Any info) {
    try {
      return info.unpack(ErrorInfo.class).getReason();
    } catch (InvalidProtocolBufferException notOurs) {
      return "";
    }
  }

  private static Status.Code codeOf(ErrorCode code) {
    return Status.Code.valueOf(code.status().name());
  }
}
