package dev.naru.log.segment;

import dev.naru.log.disk.Disk;
import dev.naru.log.disk.DiskFile;
import java.util.ArrayList;
import java.util.List;

/**
 * What has been written in a partition's directory and may not be durable yet. Owned by the log's
 * owner.
 *
 * <p>A force that is under way on another thread may still use files that the owner is done with.
 * So a file is closed only when a {@link ForceWork} that was taken down after the owner was done
 * with it comes back: works are performed in the order in which they were taken down.
 */
final class Unforced {

  private final String directory;
  private final List<DiskFile> sealed = new ArrayList<>(); // to be forced
  private final List<DiskFile> done = new ArrayList<>(); // to be closed
  private long names; // counts changes of names
  private long namesForced;
  private boolean isNewDirectory;

  Unforced(String directory) {
    this.directory = directory;
  }

  /** The directory itself was made. */
  void directoryMade() {
    isNewDirectory = true;
    names++;
  }

  /** A file was made in the directory. */
  void fileMade() {
    names++;
  }

  /** Files to which nothing more will be written. */
  void sealed(List<DiskFile> files) {
    sealed.addAll(files);
    names++; // among them the seal, which is new
  }

  /** Files that need not be forced. */
  void dropped(List<DiskFile> files) {
    sealed.removeAll(files);
    done.addAll(files);
  }

  boolean areNamesForced() {
    return names == namesForced;
  }

  ForceWork work(DiskFile active) {
    List<String> directories = List.of();
    if (!areNamesForced()) {
      directories = isNewDirectory ? List.of(directory, Disk.ROOT) : List.of(directory);
    }
    return new ForceWork(List.copyOf(sealed), active, directories, names, List.copyOf(done));
  }

  /** A work was performed, in its turn. */
  void forced(ForceWork work) {
    work.close().forEach(DiskFile::close);
    done.removeAll(work.close());
    forcedOutOfTurn(work);
  }

  /** A work was performed while an older one may be under way. */
  void forcedOutOfTurn(ForceWork work) {
    namesForced = Math.max(namesForced, work.names());
    isNewDirectory &= namesForced < names;
    // Not the file that was active then: what was appended to it since may be in no force yet.
    for (DiskFile file : work.sealed()) {
      if (sealed.remove(file)) {
        done.add(file);
      }
    }
  }

  /** Nothing is under way, and nothing will be written any more. */
  void closeAll() {
    sealed.forEach(DiskFile::close);
    done.forEach(DiskFile::close);
    sealed.clear();
    done.clear();
  }
}
