package dev.naru.broker.rpc;

import dev.naru.metadata.image.TopicImage;
import dev.naru.metadata.machine.InternalTopics;
import dev.naru.types.Refused;
import java.util.Optional;

/** What clients may not do to topics of Naru's own: anything but read them. */
final class OwnTopics {

  private OwnTopics() {}

  /** Empty if clients may write to this topic, change and delete it. */
  static Optional<Refused> whyNotChanged(TopicImage topic) {
    return InternalTopics.whyNotChanged(topic.name());
  }
}
