package dev.naru.chaos.host;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the power from hosts, all at the same instant, and gives it back.
 *
 * <p>The order matters. First all processes are frozen, then the file systems are turned off, then
 * the processes are killed. If a node still ran when its file system goes, an fsync under way might
 * report success for what is not on disk, and the node would be blamed for a loss that the test
 * made. What the disk's own cache would lose is not simulated: what was written to the device is
 * kept, forced or not; what lay in the page cache is gone.
 *
 * <p>That it happened is proven on each host, each time, by two files: the one that was forced
 * beforehand must be whole, the one that was not must be gone.
 */
public final class PowerCut {

  private static int cuts; // of this JVM: a name for the group, and a mark for the canaries

  private PowerCut() {}

  /** Cuts and restores it; returns the hosts on which it is proven. Nodes are left down. */
  public static synchronized List<NodeHost> of(List<NodeHost> hosts) throws IOException {
    cuts++;
    byte mark = (byte) (1 + cuts % 100);
    for (var host : hosts) {
      host.disk().orElseThrow().putForcedCanary(mark);
    }
    var switches = new ArrayList<FileSystemSwitch>();
    var name = "naru-chaos-%d-%d".formatted(ProcessHandle.current().pid(), cuts);
    try (var freezer = Freezer.create(name)) {
      for (var host : hosts) {
        switches.add(host.disk().orElseThrow().powerSwitch());
      }
      var running = hosts.stream().filter(NodeHost::isAlive).toList();
      freezer.takeIn(running.stream().map(host -> host.process().pid()).toList());
      freezer.freeze();
      for (var host : hosts) {
        host.disk().orElseThrow().putUnforcedCanary(mark); // nobody is left who could force it
      }
      switches.forEach(FileSystemSwitch::turnOff);
      running.forEach(host -> host.process().sendKill());
      freezer.thaw();
      running.forEach(NodeHost::ended);
    } finally {
      switches.forEach(FileSystemSwitch::close);
    }
    var proven = new ArrayList<NodeHost>();
    for (var host : hosts) {
      var disk = host.disk().orElseThrow();
      disk.remount();
      if (disk.hasLostWhatWasNotForced(mark)) {
        proven.add(host);
      }
    }
    return proven;
  }
}
