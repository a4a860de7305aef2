package dev.naru.metadata.chronicle;

import dev.naru.types.NodeId;
import java.util.UUID;

/** What an event is about. */
public sealed interface EventSubject {

  /** Its resource name in the admin API. */
  String resource();

  /** In the words of messages. */
  String words();

  /** The cluster as a whole. */
  record OfCluster() implements EventSubject {

    @Override
    public String resource() {
      return "cluster";
    }

    @Override
    public String words() {
      return "the cluster";
    }
  }

  /** A node. */
  record OfNode(NodeId node) implements EventSubject {

    @Override
    public String resource() {
      return "nodes/" + node;
    }

    @Override
    public String words() {
      return "node " + node;
    }
  }

  /** A topic, by the name that it had then. */
  record OfTopic(String topic) implements EventSubject {

    @Override
    public String resource() {
      return "topics/" + topic;
    }

    @Override
    public String words() {
      return "topic " + topic;
    }
  }

  /** A partition of a topic. */
  record OfPartition(String topic, int partition) implements EventSubject {

    @Override
    public String resource() {
      return "topics/" + topic + "/partitions/" + partition;
    }

    @Override
    public String words() {
      return topic + "/" + partition;
    }
  }

  /** What takes longer than a call. */
  record OfOperation(UUID operation) implements EventSubject {

    @Override
    public String resource() {
      return "operations/" + operation;
    }

    @Override
    public String words() {
      return "operation " + operation;
    }
  }
}
