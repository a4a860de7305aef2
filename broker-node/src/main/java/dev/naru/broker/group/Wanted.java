package dev.naru.broker.group;

import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * What all members of a group want together. Kept up with each change of a member, so that who
 * comes back after a failover need not look at all the others.
 *
 * @param names of the topics that any of them wants
 * @param readers by name, how many members want it
 * @param subscriptions names in all their subscriptions together
 * @param size of all their {@link Wishes} together, in characters and bytes
 */
public record Wanted(
    TreePSet<String> names, TreePMap<String, Integer> readers, int subscriptions, long size) {

  static final Wanted NOTHING = new Wanted(TreePSet.empty(), TreePMap.empty(), 0, 0);

  Wanted plus(Wishes wishes) {
    var allNames = names;
    var allReaders = readers;
    for (var name : wishes.topics()) {
      int before = allReaders.getOrDefault(name, 0);
      allReaders = allReaders.plus(name, before + 1);
      if (before == 0) {
        allNames = allNames.plus(name);
      }
    }
    return new Wanted(
        allNames, allReaders, subscriptions + wishes.topics().size(), size + wishes.size());
  }

  Wanted minus(Wishes wishes) {
    var allNames = names;
    var allReaders = readers;
    for (var name : wishes.topics()) {
      int left = allReaders.getOrDefault(name, 1) - 1;
      if (left == 0) {
        allNames = allNames.minus(name);
        allReaders = allReaders.minus(name);
      } else {
        allReaders = allReaders.plus(name, left);
      }
    }
    return new Wanted(
        allNames, allReaders, subscriptions - wishes.topics().size(), size - wishes.size());
  }

  /** After a member that wanted the first wants the second. */
  Wanted changed(Wishes before, Wishes after) {
    return before.topics().equals(after.topics())
        ? new Wanted(names, readers, subscriptions, size - before.size() + after.size())
        : minus(before).plus(after);
  }
}
