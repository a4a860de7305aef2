package dev.naru.client.admin;

/**
 * What has settings.
 *
 * @param name {@code cluster}, {@code nodes/1} or {@code topics/orders}
 */
public record ConfigSubject(String name) {

  private static final String CONFIG = "/config";
  private static final String NODES = "nodes/";

  /** What topics and all nodes get. */
  public static ConfigSubject cluster() {
    return new ConfigSubject("cluster");
  }

  /** One node. */
  public static ConfigSubject node(int id) {
    return new ConfigSubject(NODES + id);
  }

  /** One topic. */
  public static ConfigSubject topic(String topic) {
    return new ConfigSubject(Descriptions.topicResource(topic));
  }

  /** As the admin API names it. */
  String resource() {
    return name + CONFIG;
  }

  static ConfigSubject ofResource(String resource) {
    return new ConfigSubject(
        resource.endsWith(CONFIG)
            ? resource.substring(0, resource.length() - CONFIG.length())
            : resource);
  }

  /** Whether it is the node with this resource name's id. */
  boolean isNode(NodeDescription node) {
    return name.equals(NODES + node.id());
  }

  boolean isAnyNode() {
    return name.startsWith(NODES);
  }
}
