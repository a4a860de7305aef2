package dev.naru.broker.group;

import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Brings what members have in their hands nearer to their targets. Each partition is a small state
 * machine of its own:
 *
 * <pre>
 *   FREE         nobody's                            a target has it: HELD, granted at this epoch
 *   HELD(m)      m was told that it may read         not in m's target: REVOKED, at this epoch
 *   REVOKED(m)   m was told to give it back,         m says that it has, begins anew, leaves or
 *                and its commits still count         is taken out: FREE
 * </pre>
 *
 * A partition that comes back into m's target while it is REVOKED stays so, and is granted anew
 * once it was given back. Nobody can tell whether m has heard of the order: to take the order back
 * would leave a member that follows it without a partition that is booked as its own (KAFKA-16147).
 *
 * <p>A member that is away has stopped: what its target loses is FREE at once.
 */
final class Reconcile {

  private Reconcile() {}

  /** Everything that the command touched; nothing else can have changed. */
  static void of(GroupDraft draft, GroupRules rules) {
    var touched = draft.takeTouched();
    revoke(draft, touched);
    grant(draft, touched, rules);
    draft.takeTouched(); // what revoking freed, of members that are away, was in the list
  }

  private static void revoke(GroupDraft draft, List<PartitionId> touched) {
    var orders = new TreeMap<MemberId, List<PartitionId>>();
    for (var partition : touched) {
      var holder = draft.holderOf(partition);
      if (holder.isPresent() && !holder.equals(draft.targetOf(partition))) {
        orders.computeIfAbsent(holder.get(), id -> new ArrayList<>()).add(partition);
      }
    }
    orders.forEach((id, partitions) ->
        draft.member(id).ifPresent(member -> revoke(draft, member, partitions)));
  }

  private static void revoke(GroupDraft draft, Member member, List<PartitionId> partitions) {
    if (member.isAway()) {
      draft.put(member.without(partitions));
      return;
    }
    var held =
        partitions.stream()
            .filter(partition -> member.hold(partition).filter(Hold::isRevoked).isEmpty())
            .toList();
    if (!held.isEmpty()) {
      draft.put(member.revoked(held, draft.epoch()));
    }
  }

  private static void grant(GroupDraft draft, List<PartitionId> touched, GroupRules rules) {
    var grants = new TreeMap<MemberId, List<PartitionId>>();
    for (var partition : touched) {
      var target = draft.targetOf(partition);
      if (target.isPresent()
          && !target.equals(draft.holderOf(partition))
          && rules.mayGrant(draft.holderOf(partition))) {
        grants.computeIfAbsent(target.get(), id -> new ArrayList<>()).add(partition);
      }
    }
    grants.forEach((id, partitions) ->
        draft.member(id).ifPresent(member -> draft.put(member.granted(partitions, draft.epoch()))));
  }
}
