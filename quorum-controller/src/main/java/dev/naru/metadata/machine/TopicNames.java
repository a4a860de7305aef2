package dev.naru.metadata.machine;

import dev.naru.metadata.image.ClusterImage;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.List;
import java.util.Optional;

/** Which names a topic may have. */
public final class TopicNames {

  /** As long as a file name may be with an extension, though no file is named after a topic. */
  public static final int CHARS_MAX = 249;

  /** Names that are spelled out in one message. */
  private static final int SPELLED_MAX = 3;

  private TopicNames() {}

  /** A few of these names and the number of the rest, for a message. */
  static String several(List<String> names) {
    int more = names.size() - SPELLED_MAX;
    return more > 0
        ? String.join(", ", names.subList(0, SPELLED_MAX)) + " and " + more + " more"
        : String.join(", ", names);
  }

  /** Empty if a user may create a topic of this name. */
  public static Optional<Refused> check(String name) {
    if (name.isEmpty()) {
      return refused("Expected a topic name, but was empty");
    }
    if (name.length() > CHARS_MAX) {
      return refused(
          "Expected a topic name of at most %s characters, but was %s long"
              .formatted(CHARS_MAX, name.length()));
    }
    if (name.equals(".") || name.equals("..")) {
      return refused("Expected a topic name other than . and .., but was " + name);
    }
    if (!isAllowed(name)) {
      return refused(
          "Expected a topic name of letters, digits, '.', '_' and '-', but was "
              + Printable.of(name));
    }
    if (InternalTopics.isInternal(name)) {
      return refused(
          "Expected a topic name that does not start with __, which marks internal topics, but was "
              + name);
    }
    return Optional.empty();
  }

  /** Empty if a node may create an internal topic of this name. */
  static Optional<Refused> checkInternal(String name, int metadataVersion) {
    return InternalTopics.isKnown(name, metadataVersion)
        ? Optional.empty()
        : refused(
            "Expected the name of an internal topic that the rules in force know, but was "
                + Printable.of(name));
  }

  /**
   * What the creator of a topic should know about its name: metrics write '.' and '_' alike. The
   * answer is the text of the warning TOPIC_NAME_COLLISION.
   */
  public static Optional<String> collision(ClusterImage image, String name) {
    var alike =
        image.topicNames().keySet().stream()
            .filter(other -> !other.equals(name) && folded(other).equals(folded(name)))
            .findFirst();
    if (alike.isPresent()) {
      return Optional.of(
          ("Expected names that differ in more than '.' and '_', but %s and %s do not:"
                  + " metrics show both alike")
              .formatted(name, alike.get()));
    }
    return name.indexOf('.') >= 0 && name.indexOf('_') >= 0
        ? Optional.of(
            "Expected either '.' or '_' in a name, but "
                + name
                + " has both: metrics show them alike")
        : Optional.empty();
  }

  private static boolean isAllowed(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (!isAllowed(name.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAllowed(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '_'
        || c == '-';
  }

  private static String folded(String name) {
    return name.replace('.', '_');
  }

  private static Optional<Refused> refused(String reason) {
    return Optional.of(new Refused(ErrorCode.INVALID_TOPIC_NAME, reason));
  }
}
