package dev.naru.log.inspect;

import dev.naru.log.disk.CheckpointFile;
import dev.naru.log.disk.Disk;
import dev.naru.log.disk.DiskEntry;
import dev.naru.log.disk.DiskFile;
import dev.naru.log.disk.OpenFiles;
import dev.naru.log.disk.UnreadableException;
import dev.naru.log.recovery.UnforcedSnapshots;
import dev.naru.log.segment.BatchWalk;
import dev.naru.types.PartitionId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Looks into the files of a data directory and tells what they hold, one thing after the other, so
 * that memory does not grow with the files. No node need run, and none is disturbed that does:
 * nothing is locked or written. What a node is writing at the moment may be told of as a torn tail.
 *
 * <p>Owned by one thread.
 */
public final class Inspection implements AutoCloseable {

  private static final int OPEN_MAX = 8;
  private static final int SNIFFED_BYTES = 8;

  private final Disk disk;
  private final OpenFiles open;
  private final Wanted wanted;
  private final Report report;

  // Of the log looked at last: its files mostly come one after the other.
  private Optional<String> directory = Optional.empty();
  private Beside beside = Beside.NOTHING;

  /**
   * Will look into files of this disk, best a whole data directory: then what lies beside a segment
   * is known too.
   *
   * @param listener is told of each thing as it is found
   */
  public Inspection(Disk disk, Wanted wanted, Consumer<Detail> listener) {
    this.disk = disk;
    this.open = new OpenFiles(disk, OPEN_MAX);
    this.wanted = wanted;
    this.report = new Report(listener);
  }

  /** Whether a file is one of ours, as far as its name and its first bytes tell. */
  public boolean isOurs(String file) {
    return kindOf(file) != FileKind.UNKNOWN;
  }

  /**
   * Tells of all files of a directory, and of those of the logs in it, if it is a data directory.
   * What was set aside is told of only when it is asked for itself.
   */
  public void directory(String name) {
    var chain = new SegmentOrder(report, name);
    for (DiskEntry entry : disk.list(name)) {
      String inside = name.isEmpty() ? entry.name() : name + "/" + entry.name();
      if (entry.isFile()) {
        inDirectory(inside, chain);
      } else if (entry.isDirectory() && isLog(entry.name())) {
        directory(inside);
      }
    }
    if (wanted.verify()) {
      chain.end(besideOf(name));
      if (name.isEmpty()) {
        new LogsOnRecord(disk, report).check();
      }
    }
  }

  private void inDirectory(String file, SegmentOrder chain) {
    if (isOurs(file)) {
      file(file, chain);
    } else {
      report.note(file, 0, "Not looked at: it is none of ours");
    }
  }

  /** Tells of one file. */
  public void file(String file) {
    file(file, new SegmentOrder(report, ""));
  }

  private void file(String file, SegmentOrder chain) {
    var opened = disk.open(file);
    if (opened.isEmpty()) {
      report.note(file, 0, "It was removed while it was looked for");
      return;
    }
    try (var content = opened.get()) {
      var kind = kindOf(file);
      report.begin(file, kind, content.size());
      try {
        content(file, kind, content, chain);
      } catch (UnreadableException e) {
        report.fault(file, e.position(), e.reason());
      }
      report.end(file);
    }
    open.forget(file); // the next one of this name may be another
  }

  private void content(String file, FileKind kind, DiskFile content, SegmentOrder chain) {
    switch (kind) {
      case SEGMENT -> segment(file, content.size(), chain);
      case OFFSET_INDEX, TIME_INDEX -> index(file, kind, content.size());
      case JOURNAL -> {
        if (!CheckpointFile.isUnfinished(file)) {
          new JournalInspection(report, content).run();
        }
      }
      case SEAL -> smallFile(file, isCertain(file));
      case SMALL_FILE -> smallFile(file, isForced(file));
      case LOCK, BALLAST, UNKNOWN -> {} // what they hold means nothing
    }
  }

  private static boolean isForced(String file) {
    return !CheckpointFile.isUnfinished(file) && !UnforcedSnapshots.isOne(file);
  }

  private void segment(String file, long size, SegmentOrder chain) {
    long base = base(file);
    var known = besideOf(parent(file));
    var source =
        new SegmentInspection.Source(
            file,
            beside(file, ".seal") + ending(file),
            base,
            size,
            known.isOnRecord() && !isInUse(file) ? 0 : known.certainBytes(base));
    var inspection = new SegmentInspection(disk, open, report, wanted, source, known);
    chain.note(file, base, inspection.run());
  }

  private void index(String file, FileKind kind, long size) {
    String log = beside(file, ".log") + ending(file);
    boolean isForced = disk.exists(beside(file, ".seal") + ending(file)) && isCertain(file);
    Optional<BatchWalk> walk = wanted.verify() ? walk(log, base(file)) : Optional.empty();
    boolean isOfTimes = kind == FileKind.TIME_INDEX;
    var partition = besideOf(parent(file)).partition();
    new IndexInspection(open, report, file, size, isOfTimes, isForced, partition, walk).run();
  }

  /** Whether a file of a segment was forced with it when it was closed. */
  private boolean isCertain(String file) {
    var known = besideOf(parent(file));
    return (isInUse(file) || !known.isOnRecord())
        && known.certainBytes(base(file)) == Long.MAX_VALUE;
  }

  /** Whether it is not one that is being made, to take the place of another. */
  private static boolean isInUse(String file) {
    return ending(file).isEmpty();
  }

  /** What follows in the name of a segment's file that is being made: {@code .new}. */
  private static String ending(String file) {
    String last = lastPart(file);
    int end = last.indexOf('.', FileKind.BASE_DIGITS + 1);
    return end < 0 ? "" : last.substring(end);
  }

  private void smallFile(String file, boolean isCertain) {
    new SmallFileInspection(report, disk, file, isCertain).run(FileKind.wordOf(lastPart(file)));
  }

  private Optional<BatchWalk> walk(String log, long base) {
    return disk.open(log)
        .map(opened -> {
          try (opened) {
            int limit = (int) Math.min(opened.size(), Integer.MAX_VALUE);
            return new BatchWalk(open, log, 0, limit, Optional.of(base), BatchWalk.SHORT_WINDOW);
          }
        });
  }

  private Beside besideOf(String name) {
    if (!directory.equals(Optional.of(name))) {
      beside = Beside.in(disk, name);
      directory = Optional.of(name);
    }
    return beside;
  }

  private FileKind kindOf(String file) {
    var kind = FileKind.ofName(lastPart(file));
    return kind == FileKind.UNKNOWN ? FileKind.ofBeginning(beginning(file)) : kind;
  }

  private String beginning(String file) {
    var bytes = ByteBuffer.allocate(SNIFFED_BYTES);
    Optional<DiskFile> found = disk.open(file);
    if (found.isPresent()) {
      try (var opened = found.get()) {
        opened.read(bytes, 0);
      } catch (UnreadableException e) {
        return ""; // what it is stays unknown
      }
    }
    return new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
  }

  private static boolean isLog(String name) {
    try {
      PartitionId.parse(name);
      return true;
    } catch (IllegalArgumentException notOurs) {
      return false;
    }
  }

  private static long base(String file) {
    try {
      return Long.parseLong(lastPart(file).substring(0, FileKind.BASE_DIGITS));
    } catch (NumberFormatException aboveLong) {
      return 0; // no offset is so great, and the first batch will tell
    }
  }

  /** Another file of the same segment. */
  private static String beside(String file, String suffix) {
    int nameAt = file.lastIndexOf('/') + 1;
    return file.substring(0, nameAt + FileKind.BASE_DIGITS) + suffix;
  }

  private static String parent(String file) {
    int end = file.lastIndexOf('/');
    return end < 0 ? "" : file.substring(0, end);
  }

  private static String lastPart(String file) {
    return file.substring(file.lastIndexOf('/') + 1);
  }

  /** How many files were told of. */
  public int files() {
    return report.files();
  }

  /** How much damage was found. */
  public int faults() {
    return report.faults();
  }

  /** The first damage that was found. */
  public Optional<Detail.Fault> firstFault() {
    return report.first();
  }

  @Override
  public void close() {
    open.close();
  }
}
