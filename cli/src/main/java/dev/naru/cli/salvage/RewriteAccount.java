package dev.naru.cli.salvage;

import dev.naru.cli.salvage.StartingPoint.Place;
import dev.naru.client.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What became of the records of a pass, however it ended.
 *
 * @param written how many were acknowledged
 * @param last the batch that was written last; all before it were written whole
 * @param cause why a record of it was not, if that is so
 */
public record RewriteAccount(long written, Optional<Last> last, Optional<Throwable> cause) {

  /** What became of a record. */
  public enum Fate {
    /** It was acknowledged. */
    WRITTEN,
    /** It was not written, and will not be. */
    REFUSED,
    /** It was sent, and nobody knows: it may have been written, or still be. */
    IN_DOUBT,
    /** It was not sent. */
    UNSENT
  }

  /**
   * A batch.
   *
   * @param offsets of its records, where they were cut off, ascending; there is one at least
   * @param fates what became of each
   */
  public record Last(String file, long position, List<Long> offsets, List<Fate> fates) {

    /** Keeps copies. */
    public Last {
      offsets = List.copyOf(offsets);
      fates = List.copyOf(fates);
    }

    private Place at(int number) {
      return new Place(file, position, offsets.get(number));
    }

    private Place behind(int number) {
      return number < 0 ? at(0) : new Place(file, position, offsets.get(number) + 1);
    }

    private int firstOpen() {
      int open = 0;
      while (open < fates.size() && fates.get(open) == Fate.WRITTEN) {
        open++;
      }
      return open;
    }

    /** The last one that is written or may be; -1 if there is none. */
    private int lastSent() {
      return Math.max(fates.lastIndexOf(Fate.WRITTEN), fates.lastIndexOf(Fate.IN_DOUBT));
    }

    /** The offsets of those, as {@code 4-7, 9}. */
    private String ranges(Fate fate) {
      var ranges = new ArrayList<String>();
      for (int i = 0; i < fates.size(); i++) {
        if (fates.get(i) == fate) {
          int first = i;
          while (i + 1 < fates.size() && fates.get(i + 1) == fate) {
            i++;
          }
          ranges.add(first == i ? "" + offsets.get(i) : offsets.get(first) + "-" + offsets.get(i));
        }
      }
      return String.join(", ", ranges);
    }
  }

  /** How many records may have been written, or still be. */
  public long inDoubt() {
    return last.stream()
        .flatMap(batch -> batch.fates().stream())
        .filter(fate -> fate == Fate.IN_DOUBT)
        .count();
  }

  /** Where to go on so that nothing that is written, or may be, is written twice. */
  public Optional<Place> behindAll() {
    return last.map(batch -> batch.behind(batch.lastSent()));
  }

  /**
   * Where to go on with the first record that is not known to be written; empty if one behind it
   * is.
   */
  public Optional<Place> atFirstOpen() {
    return last.flatMap(batch -> {
      int open = batch.firstOpen();
      if (open == batch.fates().size()) {
        return behindAll();
      }
      return batch.fates().lastIndexOf(Fate.WRITTEN) < open
          ? Optional.of(batch.at(open))
          : Optional.empty();
    });
  }

  /** All of it in sentences, for whoever has to go on by hand. */
  public List<String> sentences(TopicPartition target) {
    var lines = new ArrayList<String>();
    lines.add("%s written to %s".formatted(SalvageText.counted(written, "record"), target));
    last.ifPresent(batch -> {
      if (batch.fates().contains(Fate.REFUSED)) {
        lines.add("refused, and not written: offset " + batch.ranges(Fate.REFUSED));
      }
      if (batch.fates().contains(Fate.IN_DOUBT)) {
        lines.add(
            "in doubt: offset %s; each may be there or still come, so look at the end of %s first"
                .formatted(batch.ranges(Fate.IN_DOUBT), target));
      }
      addWaysOn(batch, lines);
    });
    return List.copyOf(lines);
  }

  private void addWaysOn(Last batch, List<String> lines) {
    var behind = batch.behind(batch.lastSent());
    if (inDoubt() > 0) {
      atFirstOpen().ifPresent(place -> lines.add("if nothing of that is there: --from " + place));
      lines.add("if all of that is there: --from " + behind);
      return;
    }
    lines.add("--from %s goes on behind what is written".formatted(behind));
    int refused = batch.fates().lastIndexOf(Fate.REFUSED);
    if (refused > batch.lastSent()) {
      lines.add("--from %s leaves out what was refused, too".formatted(batch.behind(refused)));
    }
  }
}
