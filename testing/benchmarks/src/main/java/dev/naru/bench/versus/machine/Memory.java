package dev.naru.bench.versus.machine;

import java.util.Collection;

/** Memory of processes. */
public final class Memory {

  private Memory() {}

  /** Resident memory of a process, in the mean of these. */
  public static double meanResidentMebibytes(Collection<Long> pids) {
    var proc = ProcFiles.ofSystem();
    return pids.stream().mapToLong(pid -> proc.residentBytes(pid).orElse(0)).average().orElse(0)
        / (1 << 20);
  }
}
