package dev.naru.broker.rpc;

import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.regex.Pattern;

/** Whose settings a call is about. */
sealed interface ConfigSubject {

  /** {@code cluster/config}, {@code nodes/{node}/config} or {@code topics/{topic}/config}. */
  String name();

  /** Of topics and of all nodes. */
  record OfCluster() implements ConfigSubject {
    @Override
    public String name() {
      return "cluster/config";
    }
  }

  /** Of one node. */
  record OfNode(NodeId node) implements ConfigSubject {
    @Override
    public String name() {
      return "nodes/" + node + "/config";
    }
  }

  /** Of one topic. */
  record OfTopic(TopicImage topic) implements ConfigSubject {
    @Override
    public String name() {
      return TopicCodec.resourceName(topic.name()) + "/config";
    }
  }

  /** The names that are understood. */
  Pattern NAME =
      Pattern.compile(
          "(?<cluster>cluster)/config|nodes/(?<node>\\d{1,9})/config|topics/(?<topic>[^/]+)/config");

  /**
   * What this name means.
   *
   * @throws io.grpc.StatusRuntimeException INVALID_REQUEST, NODE_NOT_FOUND or TOPIC_NOT_FOUND
   */
  static ConfigSubject find(ClusterImage image, String name) {
    var parts = NAME.matcher(name);
    if (!parts.matches()) {
      throw NamedTopics.invalid(
          "name", "cluster/config, nodes/{node}/config or topics/{topic}/config", name);
    }
    if (parts.group("cluster") != null) {
      return new OfCluster();
    }
    if (parts.group("node") != null) {
      var node = new NodeId(Integer.parseInt(parts.group("node")));
      if (image.node(node).isEmpty()) {
        throw ErrorStatus.of(
            new Refused(
                ErrorCode.NODE_NOT_FOUND,
                "Expected a registered node, but there is none of id " + node));
      }
      return new OfNode(node);
    }
    var topic = parts.group("topic");
    return new OfTopic(image.topicNamed(topic).orElseThrow(() -> NamedTopics.notFound(topic)));
  }
}
