package dev.naru.broker.rpc;

import dev.naru.proto.v1.Uuid;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.util.Optional;
import java.util.UUID;

/** Ids and codes between their messages and their values. */
public final class ProtoIds {

  private ProtoIds() {}

  /** Empty for the id of all zeros, which is none, and for a partition below zero. */
  public static Optional<PartitionId> partition(Uuid topic, int partition) {
    return (topic.getHigh() == 0 && topic.getLow() == 0) || partition < 0
        ? Optional.empty()
        : Optional.of(new PartitionId(TopicId.of(topic.getHigh(), topic.getLow()), partition));
  }

  /** The id as a message. */
  public static Uuid uuid(TopicId topic) {
    return Uuid.newBuilder().setHigh(topic.high()).setLow(topic.low()).build();
  }

  /** Any other id as a message. */
  public static Uuid uuid(UUID id) {
    return Uuid.newBuilder()
        .setHigh(id.getMostSignificantBits())
        .setLow(id.getLeastSignificantBits())
        .build();
  }

  /** The code as it is sent. */
  public static dev.naru.proto.v1.ErrorCode code(ErrorCode code) {
    return dev.naru.proto.v1.ErrorCode.forNumber(code.number());
  }

  /**
   * The code as it was received; one that this release does not know is a fault of the other side.
   */
  public static ErrorCode code(int number) {
    return ErrorCode.ofNumber(number).orElse(ErrorCode.INTERNAL);
  }
}
