package dev.naru.log.inspect;

import dev.naru.log.disk.ChecksummedText;
import dev.naru.log.disk.Disk;
import java.util.List;
import java.util.Optional;

/** Reads a small file of lines with a checksum behind them, whatever kind it says it is. */
final class SmallFileInspection {

  private final Report report;
  private final Disk disk;
  private final String file;
  private final boolean isCertain;

  /**
   * Will read this file.
   *
   * @param isCertain whether it was forced; else a crash may have torn it
   */
  SmallFileInspection(Report report, Disk disk, String file, boolean isCertain) {
    this.report = report;
    this.disk = disk;
    this.file = file;
    this.isCertain = isCertain;
  }

  /**
   * Reads it.
   *
   * @param word what its first line must call it, if that is known
   */
  void run(Optional<String> word) {
    switch (ChecksummedText.read(disk, file)) {
      case ChecksummedText.Content.Lines(var lines) -> print(lines, word);
      case ChecksummedText.Content.Damaged(var reason) -> wrong(reason);
      case ChecksummedText.Content.Missing() ->
          report.note(file, 0, "It was removed while it was looked for");
    }
  }

  private void print(List<String> lines, Optional<String> word) {
    for (int i = 0; i < lines.size(); i++) {
      report.count();
      report.say(new Detail.Line(i + 1, lines.get(i)));
    }
    String head = lines.isEmpty() ? "" : lines.getFirst();
    if (!head.startsWith("naru " + word.orElse(""))) {
      wrong("Expected it to begin with 'naru %s', but did not".formatted(word.orElse("")));
    }
  }

  private void wrong(String reason) {
    if (isCertain) {
      report.fault(file, 0, reason);
    } else {
      report.note(file, 0, "A start would make it anew, or remove it: " + reason);
    }
  }
}
