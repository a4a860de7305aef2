package dev.naru.log.segment;

import dev.naru.log.disk.Disk;
import dev.naru.log.disk.DiskFile;
import java.util.List;

/**
 * Files and directories to force so that what was written up to now is durable. Taken down by the
 * log's owner, performed by any thread.
 *
 * @param sealed files to which nothing more is written, so that one force is enough
 * @param active the file that is appended to: what follows is for another force
 * @param names counts the changes in the directories that it covers
 * @param close files that nobody will force any more once this has been performed
 */
public record ForceWork(
    List<DiskFile> sealed,
    DiskFile active,
    List<String> directories,
    long names,
    List<DiskFile> close) {

  /** How many forces it takes. */
  public int forces() {
    return sealed.size() + 1 + directories.size();
  }

  /** Forces the bytes. */
  public void forceFiles() {
    sealed.forEach(DiskFile::force);
    active.force();
  }

  /** Forces the names, after the bytes. */
  public void forceNames(Disk disk) {
    directories.forEach(disk::forceDirectory);
  }
}
