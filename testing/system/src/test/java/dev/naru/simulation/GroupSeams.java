package dev.naru.simulation;

import dev.naru.broker.coordinator.GroupLogFormat;
import dev.naru.broker.group.GroupRules;
import dev.naru.broker.partition.Tenant;
import dev.naru.broker.partition.TenantLog;

/** Where groups can be made to go wrong. As it is here, all is as in the product. */
public class GroupSeams {

  /** The product. */
  static final GroupSeams PRODUCT = new GroupSeams();

  protected GroupSeams() {}

  /** What decides. */
  public GroupRules rules() {
    return GroupRules.PRODUCT;
  }

  /** How a coordinator writes. */
  public GroupLogFormat format(GroupLogFormat format) {
    return format;
  }

  /** The log as its coordinator sees it. */
  public TenantLog log(TenantLog log) {
    return log;
  }

  /** The coordinator as its partition sees it. */
  public Tenant shard(Tenant shard, TenantLog log) {
    return shard;
  }
}
