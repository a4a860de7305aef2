package dev.naru.simulation;

import dev.naru.broker.coordinator.GroupLogFormat;
import dev.naru.broker.coordinator.Standing;
import dev.naru.broker.group.GroupRules;
import dev.naru.broker.partition.Tenant;
import dev.naru.broker.partition.TenantLog;
import dev.naru.client.core.MemberMessage;
import dev.naru.client.core.Membership;

/** Where groups can be made to go wrong. As it is here, all is as in the product. */
public class GroupSeams {

  /** The product. */
  static final GroupSeams PRODUCT = new GroupSeams();

  protected GroupSeams() {}

  /** What decides. */
  public GroupRules rules() {
    return GroupRules.PRODUCT;
  }

  /** How sure a node is that it still leads. */
  public Standing standing(Standing standing) {
    return standing;
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

  /** What a member says. */
  public MemberMessage said(MemberMessage message, Membership member) {
    return message;
  }

  /** Whether a member is to begin at the start of what nobody has committed for. */
  public boolean isFromStart(boolean told) {
    return told;
  }
}
