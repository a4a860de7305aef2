package dev.naru.bench.versus.machine;

/**
 * Processor time in a span of time.
 *
 * @param ours of the system and its clients
 * @param kernel of the kernel's threads, which work for everybody
 * @param others of all else: other programs, and the host of a virtual machine
 */
public record CpuUsage(double seconds, int cpus, double ours, double kernel, double others) {

  /** The share of all processors that somebody else had. */
  public double othersShare() {
    return others / (seconds * cpus);
  }
}
