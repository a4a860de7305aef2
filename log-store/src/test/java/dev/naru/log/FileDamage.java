package dev.naru.log;

import dev.naru.log.disk.CrashableDisk;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.random.RandomGenerator;

/** In which ways a disk, or somebody, may change a file. */
enum FileDamage {
  FLIPPED,
  TRUNCATED,
  EXTENDED,
  ZEROED,
  MISSING,
  STALE,
  SWAPPED,
  SWAPPED_WITH_ANOTHER_LOG;

  /**
   * Does it.
   *
   * @param peers all files of the same kind
   * @param earlier what the files held some time before
   * @return whether anything is different now
   */
  boolean inflict(
      CrashableDisk disk,
      String name,
      List<String> peers,
      SortedMap<String, byte[]> earlier,
      RandomGenerator random) {
    var act = new Act(disk, name, random);
    return switch (this) {
      case FLIPPED -> act.flip();
      case TRUNCATED -> act.cut();
      case EXTENDED -> act.extend();
      case ZEROED -> act.zero();
      case MISSING -> {
        disk.lose(name);
        yield true;
      }
      case STALE -> act.replace(earlier.getOrDefault(name, new byte[0]));
      case SWAPPED -> act.swap(peers, true);
      case SWAPPED_WITH_ANOTHER_LOG -> act.swap(peers, false);
    };
  }

  private static final class Act {

    private final CrashableDisk disk;
    private final String name;
    private final byte[] bytes;
    private final RandomGenerator random;

    Act(CrashableDisk disk, String name, RandomGenerator random) {
      this.disk = disk;
      this.name = name;
      this.bytes = disk.bytes(name);
      this.random = random;
    }

    boolean replace(byte[] by) {
      boolean isOther = !Arrays.equals(by, disk.bytes(name));
      disk.replace(name, by);
      return isOther;
    }

    boolean flip() {
      if (bytes.length == 0) {
        return false;
      }
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      return replace(bytes);
    }

    boolean cut() {
      return replace(Arrays.copyOf(bytes, random.nextInt(Math.max(1, bytes.length))));
    }

    boolean extend() {
      var longer = Arrays.copyOf(bytes, bytes.length + random.nextInt(1, 200));
      if (random.nextBoolean()) {
        var rest = new byte[longer.length - bytes.length];
        random.nextBytes(rest);
        System.arraycopy(rest, 0, longer, bytes.length, rest.length);
      }
      return replace(longer);
    }

    boolean zero() {
      int from = random.nextInt(bytes.length + 1);
      Arrays.fill(bytes, from, Math.min(bytes.length, from + 512), (byte) 0);
      return replace(bytes);
    }

    /** With another file of its kind. */
    boolean swap(List<String> peers, boolean isInSameLog) {
      String directory = name.substring(0, name.lastIndexOf('/'));
      var others =
          peers.stream()
              .filter(other -> other.startsWith(directory) == isInSameLog)
              .filter(other -> !Arrays.equals(disk.bytes(other), bytes))
              .toList();
      if (others.isEmpty()) {
        return false;
      }
      String other = others.get(random.nextInt(others.size()));
      disk.replace(name, disk.bytes(other));
      disk.replace(other, bytes);
      return true;
    }
  }
}
