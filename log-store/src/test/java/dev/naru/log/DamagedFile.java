package dev.naru.log;

import dev.naru.log.disk.CrashableDisk;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/** All kinds of files that lie in a directory. */
enum DamagedFile {
  LOG(".log"),
  INDEX(".index"),
  TIME_INDEX(".timeindex"),
  SEAL(".seal"),
  LEADER_EPOCHS("leader-epochs"),
  COMPACTION("/compaction"),
  PRODUCERS(".producers"),
  DURABLE_POINTS("durable-points"),
  HIGH_WATERMARKS("high-watermarks"),
  META("naru.meta"),
  NODE_EPOCH("node-epoch"),
  CLEAN_STOP("clean-stop"),
  SCRUB_PROGRESS("scrub-progress"),
  MANIFEST("manifest"),
  SET_ASIDE("lost+found"),
  UNFINISHED(".tmp");

  private final String mark;

  DamagedFile(String mark) {
    this.mark = mark;
  }

  boolean isOf(String name) {
    return switch (this) {
      case MANIFEST -> name.endsWith(mark);
      case SET_ASIDE -> name.startsWith(mark) && name.endsWith(".log");
      default -> !name.startsWith("lost+found") && name.endsWith(mark);
    };
  }

  List<String> in(CrashableDisk disk) {
    return disk.files("").stream().filter(this::isOf).toList();
  }

  /** In which ways such a file can be damaged. */
  List<FileDamage> damages() {
    var possible = EnumSet.allOf(FileDamage.class);
    switch (this) {
      case LOG, INDEX, TIME_INDEX, SEAL, PRODUCERS -> {}
      case LEADER_EPOCHS, COMPACTION -> possible.remove(FileDamage.SWAPPED); // a log has one
      default -> {
        possible.remove(FileDamage.SWAPPED);
        possible.remove(FileDamage.SWAPPED_WITH_ANOTHER_LOG);
      }
    }
    if (this == META) {
      possible.remove(FileDamage.STALE); // it never changes
    }
    return new ArrayList<>(possible);
  }
}
