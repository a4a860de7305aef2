package dev.naru.metadata.chronicle;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which decisions there are to tell of. {@code docs/EVENTS.md} is printed from these. A code that a
 * node writes into its log as well has the same name there.
 */
public enum ClusterEventCode {
  CLUSTER_INITIALIZED(
      EventLevel.INFO, "The cluster exists under metadata version {version}", "Nothing to do."),
  METADATA_VERSION_FINALIZED(
      EventLevel.INFO,
      "metadata.version is {version} for good, after {version_before}",
      "Nothing to do; older releases cannot join any more."),
  NODE_REGISTERED(
      EventLevel.INFO,
      "A process of release {release} is registered as {subject} under epoch {node_epoch}; last stop: {last_stop}",
      "Nothing to do if somebody started it; else find out why it restarted."),
  NODE_UNFENCED(EventLevel.INFO, "{subject} serves", "Nothing to do."),
  NODE_FENCED(
      EventLevel.WARN,
      "{subject} is fenced: it leads nothing and is in no ISR",
      "Look at the node: its process, its links, its disks."),
  NODE_STOPPING(EventLevel.INFO, "{subject} hands over what it leads", "Nothing to do."),
  ISR_SHRINK_STORM(
      EventLevel.ERROR,
      "{subject} would have been alone in most of its ISRs, so others lead in its place",
      "Look at the links and the disk of that node."),
  NODE_TRUSTED(EventLevel.INFO, "{subject} was seen to work and may lead again", "Nothing to do."),
  NODE_DRAINING(
      EventLevel.INFO,
      "{subject} is being drained",
      "Undrain it once the work on it is done: until then it gets no new replicas."),
  NODE_DRAINED(
      EventLevel.INFO,
      "{subject} is drained: it leads nothing that others could lead",
      "It may be stopped now."),
  NODE_UNDRAINED(
      EventLevel.INFO,
      "{subject} is drained no more: it leads and gets replicas as others do",
      "Nothing to do."),
  NODE_DECOMMISSIONING(
      EventLevel.INFO,
      "{subject} gives up all that it leads and holds",
      "Stop it once nothing is left on it: naru nodes describe."),
  NODE_REMOVED(EventLevel.INFO, "{subject} was removed from the cluster", "Nothing to do."),
  LEADER_ELECTED(
      EventLevel.INFO,
      "{subject} is led by node {leader} in leader epoch {leader_epoch}, after node {leader_before}; in sync: {isr}",
      "Nothing to do. With cause RECOVERED: look for DATA_LOSS_DECLARED, then naru salvage."),
  LEADER_LOST(
      EventLevel.ERROR,
      "{subject} has no leader in leader epoch {leader_epoch}, after node {leader_before}; safe to wait for: {elr}",
      "Bring back one of the nodes that it waits for; naru partitions recover shows what else there is."),
  ISR_SHRUNK(
      EventLevel.WARN,
      "In sync in {subject} are {isr} now, without {removed}",
      "Look at the nodes that left: disk, links, process; see the runbook isr-shrink."),
  ISR_EXPANDED(
      EventLevel.INFO, "In sync in {subject} are {isr} now, with {added} again", "Nothing to do."),
  DATA_LOSS_DECLARED(
      EventLevel.ERROR,
      "Records of {subject} are lost: {exactness} offsets {ranges}, given up by {decided_by} when leader epoch {leader_epoch} began",
      "Look at what was set aside: naru salvage list; tell who reads the topic."),
  DATA_LOSS_DISPROVED(
      EventLevel.INFO,
      "Nothing of {subject} was lost after all when leader epoch {leader_epoch} began",
      "Nothing to do."),
  REPLICA_PASSED_OVER(
      EventLevel.WARN,
      "{subject} goes on in leader epoch {leader_epoch} without nodes {passed_over}, which have more",
      "Look at the disks of those nodes: they did not store it in time."),
  TOPIC_CREATED(
      EventLevel.INFO,
      "{subject} exists, with {partitions} partitions of {replication_factor} copies and id {topic_id}",
      "Nothing to do."),
  TOPIC_ALTERED(
      EventLevel.INFO, "{key} of {subject} is {value}, after {value_before}", "Nothing to do."),
  TOPIC_DELETED(
      EventLevel.INFO,
      "{subject} of id {topic_id} is gone with its {partitions} partitions",
      "Nothing to do; a topic that is made under this name is another one."),
  PARTITIONS_ADDED(
      EventLevel.INFO,
      "{subject} has {partitions} partitions, after {partitions_before}",
      "Nothing to do; keys go to other partitions from now on."),
  REASSIGNMENT_BEGUN(
      EventLevel.INFO,
      "{subject} is to move from nodes {from} to nodes {to}",
      "Nothing to do: naru ops describe shows how far it is."),
  REASSIGNMENT_REVERTED(
      EventLevel.INFO, "{subject} goes back to nodes {from}", "Nothing to do: it was cancelled."),
  PARTITION_REASSIGNED(
      EventLevel.INFO, "{subject} is on nodes {replicas}, after {from}", "Nothing to do."),
  OPERATION_BEGUN(
      EventLevel.INFO,
      "{subject} began: {kind} of {target}, {total} to do",
      "Nothing to do: naru ops wait shows how far it is."),
  OPERATION_CANCELLING(EventLevel.INFO, "{subject} is being cancelled", "Nothing to do."),
  OPERATION_FINISHED(EventLevel.INFO, "{subject} is {state}: {done} of {total}", "Nothing to do."),
  CONFIG_CHANGED(
      EventLevel.INFO, "{key} of {subject} is {value}, after {value_before}", "Nothing to do."),
  /** In the topic {@code __events} only. */
  EVENTS_MISSING(
      EventLevel.WARN,
      "Events after {after} up to {until} may be missing in this topic",
      "Look into the logs of the nodes for that time.");

  private final EventLevel level;
  private final String sentence;
  private final String remedy;

  ClusterEventCode(EventLevel level, String sentence, String remedy) {
    this.level = level;
    this.sentence = sentence;
    this.remedy = remedy;
  }

  /** Who should look. */
  public EventLevel level() {
    return level;
  }

  /** What it says, with <code>{field}</code> where a field goes. */
  public String sentence() {
    return sentence;
  }

  /** What to do when it is seen. */
  public String remedy() {
    return remedy;
  }

  /** The fields that belong to it. */
  public List<String> fields() {
    return EventText.places(sentence);
  }

  /** The code of this name. */
  public static Optional<ClusterEventCode> named(String name) {
    return Arrays.stream(values()).filter(code -> code.name().equals(name)).findFirst();
  }
}
