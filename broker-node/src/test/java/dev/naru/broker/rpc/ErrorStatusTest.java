package dev.naru.broker.rpc;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorStatusTest {

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void carriesEveryCodeAsItsStatusAndItsReason(ErrorCode code) {
    var status = ErrorStatus.of(new Refused(code, "Expected x, but y"), Map.of("a", "b"));

    assertThat(status.getStatus().getCode().name()).isEqualTo(code.status().name());
    assertThat(status.getStatus().getDescription()).isEqualTo("Expected x, but y");
    var info = detail(status, ErrorInfo.class).orElseThrow();
    assertThat(info.getReason()).isEqualTo(code.name());
    assertThat(info.getDomain()).isEqualTo("naru.dev");
    assertThat(info.getMetadataMap()).containsEntry("a", "b");
    assertThat(detail(status, RetryInfo.class).isPresent()).isEqualTo(code.isRetriable());
  }

  @Test
  void namesTheFieldAtFault() {
    var status =
        ErrorStatus.ofField(new Refused(ErrorCode.INVALID_REQUEST, "Expected x, but y"), "name");

    var violation = detail(status, BadRequest.class).orElseThrow().getFieldViolations(0);
    assertThat(violation.getField()).isEqualTo("name");
    assertThat(violation.getDescription()).isEqualTo("Expected x, but y");
  }

  private static <T extends Message> Optional<T> detail(
      StatusRuntimeException status, Class<T> type) {
    return requireNonNull(StatusProto.fromThrowable(status)).getDetailsList().stream()
        .filter(any -> any.is(type))
        .map(any -> {
          try {
            return any.unpack(type);
          } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
          }
        })
        .findFirst();
  }
}
