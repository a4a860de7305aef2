package dev.naru.metadata.machine;

import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.image.TopicConfig;
import dev.naru.metadata.image.TopicImage;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import java.time.Duration;
import java.util.Optional;
import org.pcollections.TreePMap;

/**
 * Topics of Naru's own. Clients may read them; what is in them is written by the nodes that lead
 * them, and nobody else changes or deletes them.
 */
public final class InternalTopics {

  /** How their names begin; a user's cannot. */
  public static final String PREFIX = TopicImage.INTERNAL_PREFIX;

  /** What groups are kept in: their members, and the offsets they have committed. */
  public static final String CONSUMER_OFFSETS = PREFIX + "consumer_offsets";

  /** What the controller decided, for whoever wants to read it as records. */
  public static final String EVENTS = PREFIX + "events";

  /** By the metadata version with which each came: an older release refuses its name. */
  private static final TreePMap<String, Integer> SINCE =
      TreePMap.<String, Integer>empty().plus(CONSUMER_OFFSETS, 1).plus(EVENTS, 2);

  private static final int COPIES_MAX = 3;

  /**
   * Settings of {@link #CONSUMER_OFFSETS}, canonical. Segments are small, so that a new leader has
   * little to read; a command of a group becomes one batch, of 4 MiB at most. Nothing is taken from
   * the cluster's defaults: what was committed must be there whatever they are.
   */
  public static final TreePMap<String, String> CONSUMER_OFFSETS_CONFIGS =
      TreePMap.<String, String>empty()
          .plus(TopicConfig.CLEANUP_POLICY.key(), "compact")
          .plus(TopicConfig.SEGMENT_BYTES.key(), Integer.toString(100 << 20))
          .plus(TopicConfig.MAX_COMPACTION_LAG_MS.key(), "604800000")
          .plus(TopicConfig.MAX_MESSAGE_BYTES.key(), Integer.toString(8 << 20))
          .plus(TopicConfig.FLUSH.key(), "quorum")
          .plus(TopicConfig.RECOVERY_MODE.key(), "strict");

  /** How long an event is kept in {@link #EVENTS}; nobody can change that. */
  public static final Duration EVENTS_RETENTION = Duration.ofDays(30);

  /**
   * Settings of {@link #EVENTS}, canonical: a month, in one partition, because the order is what
   * they are about.
   */
  public static final TreePMap<String, String> EVENTS_CONFIGS =
      TreePMap.<String, String>empty()
          .plus(TopicConfig.CLEANUP_POLICY.key(), "delete")
          .plus(TopicConfig.RETENTION_MS.key(), Long.toString(EVENTS_RETENTION.toMillis()))
          .plus(TopicConfig.SEGMENT_BYTES.key(), Integer.toString(64 << 20))
          .plus(TopicConfig.FLUSH.key(), "quorum")
          .plus(TopicConfig.RECOVERY_MODE.key(), "strict");

  private InternalTopics() {}

  /** Whether a topic of this name belongs to Naru, to this release or to another one. */
  public static boolean isInternal(String name) {
    return TopicImage.isInternal(name);
  }

  /** Whether there may be an internal topic of this name under the rules of this version. */
  public static boolean isKnown(String name, int metadataVersion) {
    return Optional.ofNullable(SINCE.get(name))
        .filter(since -> since <= metadataVersion)
        .isPresent();
  }

  /** Empty if it is no internal topic: nobody writes to these, changes or deletes them. */
  public static Optional<Refused> whyNotChanged(String name) {
    return isInternal(name)
        ? Optional.of(
            new Refused(
                ErrorCode.NOT_AUTHORIZED,
                "Expected a topic of users, but " + name + " is written and kept by Naru itself"))
        : Optional.empty();
  }

  /**
   * Copies that an internal topic gets: three, or as many as the cluster is to have nodes. So it is
   * not made with a single copy because it is wanted while only the first of three nodes is up.
   */
  public static int copies(int voters, int registered) {
    return Math.min(COPIES_MAX, Math.max(voters, registered));
  }

  /** Creates {@link #EVENTS}. */
  public static CreateTopic events(TopicId id, int copies, long placementSeed) {
    return new CreateTopic(
        id, EVENTS, Optional.of(1), Optional.of(copies), EVENTS_CONFIGS, placementSeed, true);
  }

  /** Creates {@link #CONSUMER_OFFSETS}; the number of partitions never changes afterwards. */
  public static CreateTopic consumerOffsets(
      TopicId id, int partitions, int copies, long placementSeed) {
    return new CreateTopic(
        id,
        CONSUMER_OFFSETS,
        Optional.of(partitions),
        Optional.of(copies),
        CONSUMER_OFFSETS_CONFIGS,
        placementSeed,
        true);
  }
}
