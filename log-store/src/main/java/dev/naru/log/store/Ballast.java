package dev.naru.log.store;

import dev.naru.log.disk.Disk;
import dev.naru.log.disk.DiskFile;
import dev.naru.log.disk.DiskSpace;
import dev.naru.log.disk.SpaceRule;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/**
 * A file that is there to be deleted: whoever else fills the disk, a start finds room for the small
 * files that it has to write, and the node can serve what it has. Any one thread at a time.
 */
final class Ballast {

  static final String NAME = "ballast";

  /** Many times what a start writes: journal, epoch, high watermarks, a piece of metadata log. */
  private static final long BYTES_MAX = 4 << 20;

  /** Of a disk so small that this would be much, one part of so many. */
  private static final int SHARE = 32;

  private static final int CHUNK_BYTES = 1 << 16;

  private final Disk disk;
  private boolean isWhole;

  Ballast(Disk disk) {
    this.disk = disk;
  }

  static long bytesOn(DiskSpace space) {
    return Math.min(BYTES_MAX, space.totalBytes() / SHARE);
  }

  /** Gives it up if less than it is left of the disk. For a start, before anything is written. */
  static void giveUpIfNeeded(Disk disk) {
    var space = disk.space();
    if (space.usableBytes() < bytesOn(space) && disk.exists(NAME)) {
      disk.delete(NAME);
      disk.forceDirectory(Disk.ROOT);
    }
  }

  /** Makes it, if it is not there and records would be taken with it as without. */
  void keep(DiskSpace space, SpaceRule rule) {
    long bytes = bytesOn(space);
    if (!isWhole && rule.allows(space.minus(bytes))) {
      try (var file = disk.open(NAME).orElseGet(() -> disk.create(NAME))) {
        fill(file, bytes);
        file.force();
      }
      disk.forceDirectory(Disk.ROOT);
      isWhole = true;
    }
  }

  /** With noise: a file system that compresses, or leaves out zeros, would keep no room. */
  private static void fill(DiskFile file, long bytes) {
    byte[] noise = new byte[CHUNK_BYTES];
    new SplittableRandom(0).nextBytes(noise);
    for (long at = file.size(); at < bytes; at = file.size()) {
      int length = (int) Math.min(CHUNK_BYTES, bytes - at);
      file.write(ByteBuffer.wrap(noise, 0, length), at);
    }
  }
}
