package dev.naru.broker.rpc;

import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.metadata.machine.Printable;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import io.grpc.StatusRuntimeException;

/** Finds the topics that admin calls name, and says what is wrong with a name. */
final class NamedTopics {

  private NamedTopics() {}

  /**
   * The topic of this resource name.
   *
   * @throws StatusRuntimeException INVALID_REQUEST or TOPIC_NOT_FOUND
   */
  static TopicImage find(ClusterImage image, String resourceName) {
    var name =
        TopicCodec.topicOf(resourceName)
            .orElseThrow(() -> invalid("name", "topics/{topic}", resourceName));
    return image.topicNamed(name).orElseThrow(() -> notFound(name));
  }

  /**
   * Nothing, if the caller names no etag or the present one.
   *
   * @throws StatusRuntimeException ETAG_MISMATCH
   */
  static void requireEtag(TopicImage topic, String asked) {
    var etag = TopicCodec.etag(topic);
    if (!asked.isEmpty() && !asked.equals(etag)) {
      throw ErrorStatus.ofField(
          new Refused(
              ErrorCode.ETAG_MISMATCH,
              "Expected etag %s of %s, but it is %s now"
                  .formatted(Printable.of(asked), topic.name(), etag)),
          "etag");
    }
  }

  static StatusRuntimeException notFound(String name) {
    return ErrorStatus.of(
        new Refused(
            ErrorCode.TOPIC_NOT_FOUND,
            "Expected a topic, but there is none named " + Printable.of(name)));
  }

  static StatusRuntimeException invalid(String field, String expected, String found) {
    return ErrorStatus.ofField(
        new Refused(
            ErrorCode.INVALID_REQUEST,
            "Expected " + field + " to be " + expected + ", but was " + Printable.of(found)),
        field);
  }
}
