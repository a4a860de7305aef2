package dev.naru.broker.replica;

import dev.naru.metadata.image.MessageTimestamp;
import dev.naru.metadata.image.TimestampBounds;
import dev.naru.metadata.image.TopicSettings;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.Optional;

/** What the settings of a topic demand of a batch that is to be appended. */
final class TopicChecks {

  private TopicChecks() {}

  static Optional<Refused> whyNot(ProduceAsked asked, TopicSettings settings) {
    int bytesMax = settings.maxMessageBytes();
    return asked.batch().size() > bytesMax
        ? Optional.of(
            new Refused(
                ErrorCode.RECORD_TOO_LARGE,
                "Expected a batch of at most max.message.bytes = %d, but was %d bytes"
                    .formatted(bytesMax, asked.batch().size())))
        : whyNotAtThatTime(asked, settings);
  }

  private static Optional<Refused> whyNotAtThatTime(ProduceAsked asked, TopicSettings settings) {
    boolean isBounded =
        settings.timestamp() == MessageTimestamp.CREATE_TIME
            && !settings.timestampBounds().equals(TimestampBounds.NONE);
    return isBounded
        ? TimestampCheck.whyNot(
            asked.batch().header(), settings.timestampBounds(), asked.arrivedMillis())
        : Optional.empty();
  }
}
