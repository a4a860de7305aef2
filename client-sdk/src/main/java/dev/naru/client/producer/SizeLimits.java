package dev.naru.client.producer;

import dev.naru.client.NaruException;
import dev.naru.client.ProducerConfig;
import dev.naru.client.core.TopicView;
import dev.naru.record.Compression;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;

/** How large batches become, and what is too large to be sent, said before anything is. */
public final class SizeLimits {

  /** Times batch.size, which is still the user's word for about how large a batch is. */
  private static final int GROWTH_MAX = 16;

  /** Beyond this a larger batch saves next to nothing, and waits longer for its first byte. */
  private static final int GROWN_BYTES_MAX = 256 << 10;

  private final ProducerConfig config;

  /** Of a producer with these settings. */
  public SizeLimits(ProducerConfig config) {
    this.config = config;
  }

  /** How large a batch is meant to become. */
  int target(TopicView topic) {
    return Math.min(config.batchSize(), mostOf(topic));
  }

  /** How large a batch may become while it cannot be sent, or would only wait. */
  int grown(TopicView topic) {
    return Math.min(grown(), mostOf(topic));
  }

  /** The same of any topic. */
  int grown() {
    long grown = Math.min((long) GROWTH_MAX * config.batchSize(), GROWN_BYTES_MAX);
    return (int) Math.max(grown, config.batchSize());
  }

  private int mostOf(TopicView topic) {
    return Math.min(config.maxRequestSize(), topic.maxMessageBytes());
  }

  /**
   * Refuses what can be sent in no batch.
   *
   * @param bytes of a batch of nothing else, before compression
   * @throws NaruException with {@code RECORD_TOO_LARGE} and the setting to change
   */
  public void requireSmallEnough(TopicView topic, long bytes) {
    if (bytes > topic.maxMessageBytes() && config.compression() == Compression.NONE) {
      throw NaruException.of(tooLarge(topic.name(), bytes, topic.maxMessageBytes()));
    }
    if (bytes > config.maxRequestSize()) {
      throw NaruException.of(
          larger(topic.name(), bytes, config.maxRequestSize(), "max.request.size"));
    }
    if (bytes > config.bufferMemory()) {
      throw NaruException.of(larger(topic.name(), bytes, config.bufferMemory(), "buffer.memory"));
    }
  }

  private static Refused larger(String topic, long bytes, long most, String setting) {
    return new Refused(
        ErrorCode.RECORD_TOO_LARGE,
        "Expected at most "
            + most
            + " bytes ("
            + setting
            + ") for a record to "
            + topic
            + ", but were "
            + bytes);
  }

  /** What a topic does not take. */
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
}
