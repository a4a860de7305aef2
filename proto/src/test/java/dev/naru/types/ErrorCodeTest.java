package dev.naru.types;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ErrorCodeTest {

  private static final String PREFIX = "ERROR_CODE_";

  @Test
  void isTheTableOfTheWire() {
    var ours = new TreeMap<Integer, String>();
    for (var code : ErrorCode.values()) {
      ours.put(code.number(), PREFIX + code.name());
    }
    var wire = new TreeMap<Integer, String>();
    for (var value : dev.naru.proto.v1.ErrorCode.getDescriptor().getValues()) {
      wire.put(value.getNumber(), value.getName());
    }

    assertThat(wire.remove(0)).isEqualTo(PREFIX + "UNSPECIFIED");
    assertThat(ours).isEqualTo(wire);
  }

  @Test
  void isFoundByItsNumberAndByNoOther() {
    for (var code : ErrorCode.values()) {
      assertThat(ErrorCode.ofNumber(code.number())).hasValue(code);
    }
    assertThat(ErrorCode.ofNumber(0)).isEmpty();
    assertThat(ErrorCode.ofNumber(-1)).isEmpty();
    assertThat(ErrorCode.ofNumber(ErrorCode.values().length + 1)).isEmpty();
  }

  @Test
  void namesOnlyStatusesThatGrpcHas() {
    for (var status : ErrorCode.Status.values()) {
      assertThat(Arrays.stream(io.grpc.Status.Code.values()).map(Enum::name))
          .contains(status.name());
    }
  }

  @Test
  void endsTheCommandLineByItsStatus() {
    assertThat(ErrorCode.NONE.exitStatus()).isZero();
    assertThat(ErrorCode.INVALID_CONFIG.exitStatus()).isEqualTo(2);
    assertThat(ErrorCode.TOPIC_NOT_FOUND.exitStatus()).isEqualTo(3);
    assertThat(ErrorCode.NOT_LEADER.exitStatus()).isEqualTo(4);
    assertThat(ErrorCode.METADATA_QUORUM_LOST.exitStatus()).isEqualTo(5);
    assertThat(ErrorCode.REQUEST_TIMEOUT.exitStatus()).isEqualTo(124);
    assertThat(ErrorCode.INTERNAL.exitStatus()).isEqualTo(1);
  }
}
