package dev.naru.cli.salvage;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.Invocation;
import dev.naru.cli.text.TopicArgument;
import dev.naru.client.NaruException;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.Admin;
import dev.naru.client.admin.SalvageEntry;
import dev.naru.client.admin.SalvageListing;
import dev.naru.client.admin.TopicDescription;
import dev.naru.types.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which records are to be written where, once that may be done at all.
 *
 * @param origin the partition that they were cut off, if its topic is still there
 * @param warnings what somebody should know first
 */
public record RepublishPlan(
    SalvageEntry entry, TopicPartition target, Optional<Origin> origin, List<Warning> warnings) {

  /**
   * Where the records were.
   *
   * @param leaderEpoch one that it has reached
   */
  public record Origin(TopicPartition partition, int leaderEpoch) {}

  /** Something that is allowed and worth a second look; {@code -q} does not silence it. */
  public record Warning(String code, String text) {}

  private static final String DUPLICATES = "DUPLICATES_POSSIBLE";
  private static final String COMPACTED = "COMPACTED_TOPIC";

  /** Looks at the entry, its topic and the target; refuses what must not be written again. */
  public static RepublishPlan of(
      Invocation invocation, Admin admin, SalvageIds wanted, Optional<TopicArgument> to) {
    var listing = invocation.await(admin.salvage().list());
    var entry = wanted.in(listing);
    refuseIfNotCutOff(entry);
    var origin = originOf(invocation, admin, entry);
    var target = target(entry, origin, to);
    var topic = invocation.await(admin.describeTopic(target.topic()));
    requirePartition(topic, target);
    var warnings = new ArrayList<>(warnings(listing, entry));
    ifCompacted(topic).ifPresent(warnings::add);
    return new RepublishPlan(entry, target, origin, List.copyOf(warnings));
  }

  /**
   * What was fetched again or deleted on purpose looks like any other records. Written again, it
   * would double the log, or bring back what somebody wanted gone.
   */
  static void refuseIfNotCutOff(SalvageEntry entry) {
    if (entry.unreadable().isPresent() || !entry.reason().isCutOff()) {
      String why =
          entry.unreadable().isPresent()
              ? "its manifest cannot be read, so nobody knows why it was set aside"
              : SalvageText.meaning(entry.reason());
      throw CommandFailure.precondition(
              ErrorCode.INVALID_REQUEST,
              "Expected something that was cut off the end of a log, but %s is not: %s"
                  .formatted(entry.id(), why))
          .withHint("naru salvage show " + entry.id() + " --records prints what it holds");
    }
  }

  /** The name is the node's; that it still means the same topic is for the topic itself to say. */
  private static Optional<Origin> originOf(Invocation invocation, Admin admin, SalvageEntry entry) {
    if (entry.topic().isEmpty() || entry.partition().isEmpty()) {
      return Optional.empty();
    }
    var topic = invocation.await(admin.describeTopic(entry.topic().get()));
    if (!topic.id().equals(entry.topicId())) {
      throw CommandFailure.precondition(
          ErrorCode.TOPIC_NOT_FOUND,
          "Expected topic %s of id %s, but it was created anew meanwhile"
              .formatted(topic.name(), entry.topicId().map(Object::toString).orElse("?")));
    }
    var partition = new TopicPartition(topic.name(), entry.partition().getAsInt());
    requirePartition(topic, partition);
    int epoch = topic.partitions().get(partition.partition()).leaderEpoch();
    return Optional.of(new Origin(partition, epoch));
  }

  static TopicPartition target(
      SalvageEntry entry, Optional<Origin> origin, Optional<TopicArgument> to) {
    if (to.isPresent()) {
      int partition =
          to.get()
              .partition()
              .orElseGet(() ->
                  entry
                      .partition()
                      .orElseThrow(() ->
                          CommandFailure.usage(
                              "Expected --to TOPIC/P, because nobody knows which partition it was")));
      return new TopicPartition(to.get().topic(), partition);
    }
    return origin
        .map(Origin::partition)
        .orElseThrow(() ->
            CommandFailure.of(
                ErrorCode.TOPIC_NOT_FOUND,
                "Expected the topic that %s was cut off, but it is no more; --to TOPIC/P names another"
                    .formatted(entry.id())));
  }

  private static void requirePartition(TopicDescription topic, TopicPartition target) {
    int count = topic.partitionCount();
    if (target.partition() >= count) {
      throw CommandFailure.of(
          ErrorCode.PARTITION_NOT_FOUND,
          "Expected a partition of 0 to %d in %s, but was %d; --to TOPIC/P names one"
              .formatted(count - 1, target.topic(), target.partition()));
    }
  }

  /** Whoever reads only the latest of a key would go back in time. */
  static Optional<Warning> ifCompacted(TopicDescription topic) {
    return Optional.ofNullable(topic.configs().get("cleanup.policy"))
        .filter(policy -> policy.contains("compact"))
        .map(policy ->
            new Warning(
                COMPACTED,
                "%s is compacted: what is written again is the latest of its key from then on,"
                        .formatted(topic.name())
                    + " also where a later one was written meanwhile"));
  }

  static List<Warning> warnings(SalvageListing listing, SalvageEntry entry) {
    var warnings = new ArrayList<Warning>();
    for (var other : listing.entries()) {
      if (!other.name().equals(entry.name()) && mayHoldTheSame(entry, other)) {
        warnings.add(
            new Warning(
                DUPLICATES,
                "%s was cut off the same partition at offsets %s and may hold the same records:"
                        .formatted(other.id(), SalvageText.offsets(other))
                    + " republish one of the two, and look before you do the other"));
      }
    }
    listing.unheard().forEach((node, failure) -> warnings.add(unheard(node, failure)));
    listing
        .unreadable()
        .forEach(each ->
            warnings.add(
                new Warning(
                    ErrorCode.STORAGE_FAILED.name(),
                    "%s of node %d could not be read, and may hold the same records: %s"
                        .formatted(each.location(), each.node(), each.reason()))));
    return warnings;
  }

  private static Warning unheard(int node, NaruException failure) {
    return new Warning(
        failure.code().name(),
        "node %d could not be asked whether it holds the same records: %s"
            .formatted(node, failure.getMessage()));
  }

  private static boolean mayHoldTheSame(SalvageEntry entry, SalvageEntry other) {
    return other.reason().isCutOff()
        && other.topicId().equals(entry.topicId())
        && other.partition().equals(entry.partition())
        && first(entry) < end(other)
        && first(other) < end(entry);
  }

  private static long first(SalvageEntry entry) {
    return entry.offsets().from().orElse(0);
  }

  private static long end(SalvageEntry entry) {
    return entry.offsets().to().orElse(Long.MAX_VALUE);
  }
}
