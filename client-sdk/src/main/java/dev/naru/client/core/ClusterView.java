package dev.naru.client.core;

import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a client knows of the cluster: where the nodes are and who leads what. A value; it only ever
 * moves forward in the metadata log and in leader epochs, so that a node that lags cannot take it
 * back.
 *
 * @param clusterId empty before the first answer
 * @param metadataIndex the latest position in the metadata log that any answer reflected
 * @param topics those that are in use and exist
 * @param missing those that were asked for, with the reason why they are not in {@code topics}
 */
public record ClusterView(
    String clusterId,
    long metadataIndex,
    SortedMap<NodeId, HostPort> nodes,
    SortedMap<String, TopicView> topics,
    SortedMap<String, Refused> missing) {

  /** Before the first answer. */
  public static final ClusterView EMPTY =
      new ClusterView("", -1, new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

  /** Keeps its own maps. */
  public ClusterView {
    nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
    topics = Collections.unmodifiableSortedMap(new TreeMap<>(topics));
    missing = Collections.unmodifiableSortedMap(new TreeMap<>(missing));
  }

  /** The topic of this name, if it is known. */
  public Optional<TopicView> topic(String name) {
    return Optional.ofNullable(topics.get(name));
  }

  /** The topic of this name, if it is known and still this one. */
  public Optional<TopicView> topic(String name, TopicId id) {
    return topic(name).filter(topic -> topic.id().equals(id));
  }

  /** Why the topic of this name and id is no more; empty while it is, or nothing is known of it. */
  public Optional<Refused> whyGone(String name, TopicId id) {
    return Optional.ofNullable(missing.get(name))
        .or(() ->
            topic(name)
                .filter(known -> !known.id().equals(id))
                .map(other ->
                    new Refused(
                        ErrorCode.TOPIC_NOT_FOUND,
                        "Expected topic "
                            + name
                            + " with id "
                            + id
                            + ", but its id is "
                            + other.id()
                            + " now")));
  }

  /** Where clients reach a node, if it is known. */
  public Optional<HostPort> address(NodeId node) {
    return Optional.ofNullable(nodes.get(node));
  }

  /** Whether an answer comes from a node that has applied less than was seen before. */
  public boolean isAheadOf(ClusterView answer) {
    return clusterId.equals(answer.clusterId) && answer.metadataIndex < metadataIndex;
  }

  /** This view after an answer that is not behind it, about the topics it names. */
  public ClusterView refreshed(ClusterView answer) {
    if (!clusterId.equals(answer.clusterId)) {
      return answer;
    }
    var known = new TreeMap<>(topics);
    var lacking = new TreeMap<>(missing);
    answer.topics.forEach((name, told) -> {
      known.merge(name, told, TopicView::refreshed);
      lacking.remove(name);
    });
    answer.missing.forEach((name, why) -> {
      known.remove(name);
      lacking.put(name, why);
    });
    return new ClusterView(clusterId, answer.metadataIndex, answer.nodes, known, lacking);
  }

  /** This view after a node has named another leader. */
  public ClusterView withLeader(String topic, int partition, LeaderHint hint) {
    var known = topics.get(topic);
    if (known == null) {
      return this;
    }
    var changed = known.withLeader(partition, hint.node(), hint.epoch());
    if (changed.equals(known)) {
      return this;
    }
    var changedTopics = new TreeMap<>(topics);
    changedTopics.put(topic, changed);
    var changedNodes = new TreeMap<>(nodes);
    changedNodes.put(hint.node(), hint.address());
    return new ClusterView(clusterId, metadataIndex, changedNodes, changedTopics, missing);
  }

  /** This view without topics that nobody uses. */
  public ClusterView without(Collection<String> names) {
    var known = new TreeMap<>(topics);
    var lacking = new TreeMap<>(missing);
    known.keySet().removeAll(names);
    lacking.keySet().removeAll(names);
    return new ClusterView(clusterId, metadataIndex, nodes, known, lacking);
  }
}
