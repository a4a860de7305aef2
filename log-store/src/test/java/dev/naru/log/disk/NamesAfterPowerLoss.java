package dev.naru.log.disk;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.random.RandomGenerator;

/** Which names are there when the power is back, and what is in the files. */
final class NamesAfterPowerLoss {

  private final PowerLoss loss;
  private final RandomGenerator random;
  private final IdentityHashMap<CrashableDirectory, CrashableDirectory> copies =
      new IdentityHashMap<>();

  NamesAfterPowerLoss(PowerLoss loss, RandomGenerator random) {
    this.loss = loss;
    this.random = random;
  }

  /** The survivor of a tree; the tree stays as it is. */
  CrashableDirectory of(CrashableDirectory root, List<NameChange> pending) {
    CrashableDirectory names = copy(root);
    boolean[] isKept = new boolean[pending.size()];
    int kept = loss.keptOf(pending.size(), random);
    for (int i = pending.size() - 1; i >= 0; i--) {
      isKept[i] |= loss.keeps(i, kept, random);
      for (int earlier = 0; isKept[i] && earlier < i; earlier++) {
        isKept[earlier] |= pending.get(earlier).isNeededFor(pending.get(i));
      }
    }
    for (int i = 0; i < isKept.length; i++) {
      if (isKept[i]) {
        pending.get(i).in(this::copy).apply();
      }
    }
    return settled(names);
  }

  private CrashableDirectory copy(CrashableDirectory original) {
    CrashableDirectory known = copies.get(original);
    if (known != null) {
      return known;
    }
    var copy = new CrashableDirectory();
    copies.put(original, copy);
    original.durable.forEach((name, node) ->
        copy.durable.put(name, node instanceof CrashableDirectory sub ? copy(sub) : node));
    return copy;
  }

  /** The tree as a new disk has it: all of it durable, seen as it is. */
  private CrashableDirectory settled(CrashableDirectory names) {
    var settled = new CrashableDirectory();
    names.durable.forEach((name, node) -> {
      CrashableNode survivor =
          switch (node) {
            case CrashableDirectory directory -> settled(directory);
            case CrashableFile file -> CrashableFile.durable(file.afterPowerLoss(loss, random));
            case CrashableNode.Nothing nothing -> nothing;
          };
      settled.durable.put(name, survivor);
      settled.now.put(name, survivor);
    });
    return settled;
  }
}
