package dev.naru.metadata.chronicle;

import dev.naru.metadata.event.PartitionCause;
import java.util.List;

/** What made the controller decide. */
public enum EventCause {
  /** A person or a program asked for it. */
  REQUESTED("it was asked for"),
  CLUSTER_BEGAN("the first controller found an empty metadata log"),
  NODE_SILENT("node {cause_node} sent no heartbeat for node.liveness.timeout.ms"),
  CONNECTION_REFUSED("the process of node {cause_node} is gone: its port refused a connection"),
  NODE_CAUGHT_UP("node {cause_node} is heard, and has caught up with the metadata log"),
  NODE_FENCED("node {cause_node} was fenced"),
  NODE_REGISTERED("node {cause_node} started anew"),
  LOG_REPORTED("node {cause_node} said what its logs hold"),
  NODE_UNFENCED("node {cause_node} serves again"),
  NODE_STOPPING("node {cause_node} wants to stop"),
  LEADER_PROPOSED("its leader, node {cause_node}, proposed it"),
  SHRINK_STORM(
      "node {cause_node} would have been alone in most of its ISRs, or was seen to work since"),
  REPLICA_DAMAGED("the replica on node {cause_node} was found damaged"),
  STORAGE_FAILED("a data directory of node {cause_node} failed"),
  PREFERRED_LEADER("the preferred leader was asked for"),
  ELECTION_WAIT_OVER("the wait for other eligible replicas was over"),
  RECOVERED("no safe replica was left, and the best of the others was taken"),
  LOSS_EXTENDED("a replica has more than was declared lost"),
  NODE_DRAINED("an operator wants something else of node {cause_node}"),
  MOVE_BEGUN("an operation moves it"),
  MOVE_CANCELLED("the operation that moves it was cancelled"),
  SETTINGS_CHANGED("its settings were changed"),
  JOURNAL_BEGINS_LATER(
      "the node that leads the topic started from a metadata snapshot that is newer");

  private final String sentence;

  EventCause(String sentence) {
    this.sentence = sentence;
  }

  /** In words, with <code>{field}</code> where a field goes. */
  public String sentence() {
    return sentence;
  }

  /** The fields that belong to it. */
  public List<String> fields() {
    return EventText.places(sentence);
  }

  static EventCause of(PartitionCause cause) {
    return switch (cause) {
      case NODE_FENCED -> NODE_FENCED;
      case NODE_REGISTERED -> NODE_REGISTERED;
      case LOG_REPORTED -> LOG_REPORTED;
      case NODE_UNFENCED -> NODE_UNFENCED;
      case NODE_STOPPING -> NODE_STOPPING;
      case LEADER_PROPOSED -> LEADER_PROPOSED;
      case SHRINK_STORM -> SHRINK_STORM;
      case REPLICA_DAMAGED -> REPLICA_DAMAGED;
      case STORAGE_FAILED -> STORAGE_FAILED;
      case PREFERRED_LEADER -> PREFERRED_LEADER;
      case ELECTION_WAIT_OVER -> ELECTION_WAIT_OVER;
      case RECOVERED -> RECOVERED;
      case LOSS_EXTENDED -> LOSS_EXTENDED;
      case NODE_DRAINED -> NODE_DRAINED;
      case MOVE_BEGUN -> MOVE_BEGUN;
      case MOVE_CANCELLED -> MOVE_CANCELLED;
    };
  }
}
