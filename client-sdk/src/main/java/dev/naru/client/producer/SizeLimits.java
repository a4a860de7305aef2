package dev.naru.client.producer;

import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;

/** What is too large to be sent, said before anything is. */
final class SizeLimits {

  private SizeLimits() {}

  static Refused tooLarge(String topic, long bytes, long most) {
    return new Refused(
        ErrorCode.RECORD_TOO_LARGE,
        "Expected at most "
            + most
            + " bytes for "
            + topic
            + " (its max.message.bytes), but were "
            + bytes);
  }

  static Refused largerThanMemory(String topic, long bytes, long memory) {
    return new Refused(
        ErrorCode.RECORD_TOO_LARGE,
        "Expected at most "
            + memory
            + " bytes (buffer.memory) for a record to "
            + topic
            + ", but were "
            + bytes);
  }
}
