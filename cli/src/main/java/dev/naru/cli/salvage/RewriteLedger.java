package dev.naru.cli.salvage;

import dev.naru.cli.salvage.RecordOutlet.Taken;
import dev.naru.cli.salvage.RewriteAccount.Fate;
import dev.naru.record.Record;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What became of each record of the batch that is written now, and how many were written before.
 * Synchronized: one thread writes records, and that of a signal asks meanwhile.
 */
final class RewriteLedger {

  private long writtenBefore;
  private String file = "";
  private long position;
  private List<Long> offsets = List.of();
  private Fate[] fates = {};
  private Optional<Throwable> cause = Optional.empty();

  /** All of the batch before this one were written. */
  synchronized void begin(Taken batch) {
    writtenBefore = count();
    file = batch.file();
    position = batch.position();
    offsets = batch.records().stream().map(Record::offset).toList();
    fates = new Fate[offsets.size()];
    Arrays.fill(fates, Fate.UNSENT);
  }

  /** Before it is: from here on nobody knows until the answer. */
  synchronized void sending(int number) {
    fates[number] = Fate.IN_DOUBT;
  }

  synchronized void written(int number) {
    fates[number] = Fate.WRITTEN;
  }

  synchronized void refused(int number, Throwable why) {
    fates[number] = Fate.REFUSED;
    blame(why);
  }

  /** The first one is the reason. */
  synchronized void blame(Throwable why) {
    cause = cause.or(() -> Optional.of(why));
  }

  /** How many were written. */
  synchronized long count() {
    return writtenBefore + Arrays.stream(fates).filter(fate -> fate == Fate.WRITTEN).count();
  }

  /** Whether every record so far was written, and nothing went wrong. */
  synchronized boolean isSettled() {
    return cause.isEmpty() && Arrays.stream(fates).allMatch(fate -> fate == Fate.WRITTEN);
  }

  synchronized RewriteAccount account() {
    var last =
        offsets.isEmpty()
            ? Optional.<RewriteAccount.Last>empty()
            : Optional.of(new RewriteAccount.Last(file, position, offsets, List.of(fates.clone())));
    return new RewriteAccount(count(), last, cause);
  }
}
