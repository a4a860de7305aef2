package dev.naru.log.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What the host has left for the page cache, from which logs are read while they are new. */
public final class HostMemory {

  private static final Path MEMINFO = Path.of("/proc/meminfo");
  private static final Pattern AVAILABLE = Pattern.compile("(?m)^MemAvailable: +(\\d+) kB$");

  private HostMemory() {}

  /** In bytes, as Linux says: free, or held by what can go; not a number elsewhere. */
  public static double availableBytes() {
    return availableBytes(MEMINFO);
  }

  static double availableBytes(Path meminfo) {
    try {
      var found = AVAILABLE.matcher(Files.readString(meminfo));
      return found.find() ? Long.parseLong(found.group(1)) * 1024.0 : Double.NaN;
    } catch (IOException e) {
      return Double.NaN;
    }
  }
}
