package dev.naru.bench.versus.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a report must say of the machine. */
public final class MachineFacts {

  private MachineFacts() {}

  /** Read anew each time. */
  public static Map<String, String> read(Path data) {
    var facts = new LinkedHashMap<String, String>();
    facts.put(
        "processor",
        Runtime.getRuntime().availableProcessors() + " x " + after("/proc/cpuinfo", "model name"));
    facts.put(
        "memory",
        "%.1f GiB".formatted(ProcFiles.ofSystem().memoryBytes().orElse(0) / (double) (1 << 30)));
    facts.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put("disk", disk(data));
    facts.put(
        "JDK", System.getProperty("java.vm.vendor") + " " + System.getProperty("java.vm.version"));
    return facts;
  }

  private static String disk(Path data) {
    try {
      var store = Files.getFileStore(data);
      return "%s, %s, %,d GB free"
          .formatted(store.name(), store.type(), store.getUsableSpace() / 1_000_000_000);
    } catch (IOException e) {
      return "unknown: " + e.getMessage();
    }
  }

  private static String after(String file, String key) {
    try (var lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(key))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).trim())
          .orElse("unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }
}
