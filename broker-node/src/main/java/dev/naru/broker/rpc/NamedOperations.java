package dev.naru.broker.rpc;

import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.OperationImage;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import io.grpc.StatusRuntimeException;
import java.util.UUID;

/** Finds the operations that admin calls name, and says what is wrong with a name. */
final class NamedOperations {

  private NamedOperations() {}

  /**
   * The id in this resource name; INVALID_REQUEST if there is none, or the one of zeros, which is
   * none in a message: on its way to the controller the call would look like one that breaks.
   */
  static UUID idOf(String resourceName) {
    return OperationCodec.idOf(resourceName)
        .filter(OperationCodec::isAnId)
        .orElseThrow(() ->
            NamedTopics.invalid("name", "operations/{uuid}, the uuid not of zeros", resourceName));
  }

  /** The operation; OPERATION_NOT_FOUND if there is none of this id. */
  static OperationImage find(ClusterImage image, UUID id) {
    return image.operation(id).orElseThrow(() -> notFound(id));
  }

  static StatusRuntimeException notFound(UUID id) {
    return ErrorStatus.of(
        new Refused(
            ErrorCode.OPERATION_NOT_FOUND, "Expected an operation, but there is none of id " + id));
  }
}
