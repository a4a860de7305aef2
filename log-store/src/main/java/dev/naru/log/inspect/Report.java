package dev.naru.log.inspect;

import java.util.Optional;
import java.util.function.Consumer;

/** Hands on what is to be said, and remembers what was wrong. */
final class Report {

  private final Consumer<Detail> listener;
  private Optional<Detail.Fault> first = Optional.empty();
  private int files;
  private int faults;
  private int faultsBefore;
  private long items;
  private long records;
  private long baseOffset;
  private long endOffset;

  Report(Consumer<Detail> listener) {
    this.listener = listener;
  }

  void begin(String file, FileKind kind, long bytes) {
    faultsBefore = faults;
    files++;
    items = 0;
    records = 0;
    baseOffset = 0;
    endOffset = 0;
    listener.accept(new Detail.Begins(file, kind, bytes));
  }

  void say(Detail detail) {
    listener.accept(detail);
  }

  /** Counts an entry or a line. */
  void count() {
    items++;
  }

  /** Counts a batch. */
  void count(long base, long end, int recordCount) {
    baseOffset = items == 0 ? base : baseOffset;
    endOffset = end;
    items++;
    records += Math.max(0, recordCount);
  }

  void note(String file, long position, String text) {
    say(new Detail.Note(file, position, text));
  }

  void fault(String file, long position, String reason) {
    var fault = new Detail.Fault(file, position, reason);
    first = first.or(() -> Optional.of(fault));
    faults++;
    say(fault);
  }

  void end(String file) {
    int own = faults - faultsBefore;
    say(new Detail.Ends(file, new Detail.Totals(items, records, baseOffset, endOffset, own)));
  }

  int files() {
    return files;
  }

  int faults() {
    return faults;
  }

  Optional<Detail.Fault> first() {
    return first;
  }
}
