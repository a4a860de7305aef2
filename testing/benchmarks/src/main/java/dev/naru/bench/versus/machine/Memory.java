package dev.naru.bench.versus.machine;

import dev.naru.bench.versus.process.Child;
import dev.naru.bench.versus.process.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;

/** Memory of processes and of the machine. */
public final class Memory {

  private static final Duration TOUCH_MAX = Duration.ofMinutes(5);
  private static final double TOUCHED = 0.9; // of what is free; others need some meanwhile

  private Memory() {}

  /** Resident memory of a process, in the mean of these. */
  public static double meanResidentMebibytes(Collection<Long> pids) {
    var proc = ProcFiles.ofSystem();
    return pids.stream().mapToLong(pid -> proc.residentBytes(pid).orElse(0)).average().orElse(0)
        / (1 << 20);
  }

  /**
   * Writes to all memory that is free, once. The host of a virtual machine gives a page its memory
   * at the first touch, which costs the guest about 1.6 seconds of processor time a gigabyte: who
   * runs first would pay for all.
   */
  public static String touchAll(String java, Path log) {
    long mebibytes = (long) (ProcFiles.ofSystem().freeBytes().orElse(0) * TOUCHED) >> 20;
    var command =
        Command.of(
            java,
            "-XX:+UseSerialGC",
            "-XX:+AlwaysPreTouch",
            "-Xms" + mebibytes + "m",
            "-Xmx" + mebibytes + "m",
            "-Xshare:off",
            "-version");
    Child.run(command, log, TOUCH_MAX);
    return "%,d MiB, all that was free, touched once before the first round".formatted(mebibytes);
  }
}
