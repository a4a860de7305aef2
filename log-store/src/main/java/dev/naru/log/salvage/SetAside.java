package dev.naru.log.salvage;

import dev.naru.log.disk.ChecksummedText;
import dev.naru.log.disk.ChecksummedText.Content;
import dev.naru.log.disk.Disk;
import dev.naru.log.disk.DiskEntry;
import dev.naru.log.disk.DiskFile;
import dev.naru.log.salvage.SetAsideEntry.Told;
import dev.naru.log.salvage.SetAsidePage.Place;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads what lies in {@code lost+found} of one data directory. Writes nothing, holds nothing open
 * between two calls, and believes nothing it finds: what is damaged is told of as damaged. An entry
 * may be deleted at any moment, and is then not there. Any thread.
 */
public final class SetAside {

  /** The name of a place: its number and whose log it was. */
  private static final Pattern NAME = Pattern.compile("(\\d{8,18})-(.*)");

  private static final Pattern BATCHES = Pattern.compile("\\d{20}\\.log");

  private final Disk disk;

  /** Will read on this disk, of which a view that is only for reading is enough. */
  public SetAside(Disk disk) {
    this.disk = disk;
  }

  /**
   * Some of the entries, in the order of their numbers.
   *
   * @param next behind which number the rest begins; empty if there is none
   */
  public record Listing(List<SetAsideEntry> entries, OptionalLong next) {

    /** Keeps a copy. */
    public Listing {
      entries = List.copyOf(entries);
    }
  }

  /**
   * Describes entries. Looks once at what there is, and then into each that is described.
   *
   * @param after only those of higher numbers
   * @param most how many are described, at least 1
   * @param isWanted asked before each: once nobody waits any more, the disk is left to others
   */
  public Listing list(OptionalLong after, int most, BooleanSupplier isWanted) {
    var names =
        places()
            .filter(name -> after.isEmpty() || numberOf(name) > after.getAsLong())
            .limit(most + 1L)
            .toList();
    var entries =
        names.stream()
            .limit(most)
            .takeWhile(_ -> isWanted.getAsBoolean())
            .flatMap(name -> describe(name).stream())
            .toList();
    boolean hasMore = names.size() > most;
    return new Listing(
        entries, hasMore ? OptionalLong.of(numberOf(names.get(most - 1))) : OptionalLong.empty());
  }

  /** Begins to describe all entries that there are now, of which one may be gone when it is met. */
  public Walk walk() {
    return new Walk(places().toList().iterator());
  }

  /** Through the entries there were when it began: looks once at what there is. One thread. */
  public final class Walk {

    private final Iterator<String> rest;

    private Walk(Iterator<String> rest) {
      this.rest = rest;
    }

    /** Whether there is nothing more to describe. */
    public boolean isOver() {
      return !rest.hasNext();
    }

    /** Describes the next so many. */
    public List<SetAsideEntry> next(int most) {
      var entries = new ArrayList<SetAsideEntry>();
      for (int i = 0; i < most && rest.hasNext(); i++) {
        describe(rest.next()).ifPresent(entries::add);
      }
      return entries;
    }
  }

  private Optional<SetAsideEntry> describe(String name) {
    var files = files(name);
    long bytes = files.stream().mapToLong(file -> size(name, file)).sum();
    var told = told(name);
    boolean mayBeGone = files.isEmpty() && told instanceof Told.Unreadable;
    return mayBeGone && !disk.exists(path(name))
        ? Optional.empty() // it expired since the look
        : Optional.of(
            new SetAsideEntry(numberOf(name), partitionOf(name), told, files.size(), bytes));
  }

  /**
   * Reads some batches of an entry.
   *
   * @param from where to begin; empty for the beginning
   * @param bytesMax how many bytes are read, about; one batch at least
   * @param batchBytesMax batches above this size are passed over and told of
   * @return empty if there is no such entry, or nothing in it that the place could be in
   */
  public Optional<SetAsidePage> read(
      long number, Optional<Place> from, int bytesMax, int batchBytesMax) {
    return nameOf(number)
        .flatMap(name -> {
          var files = files(name);
          if (from.isPresent() && !files.contains(from.get().file())) {
            return Optional.empty();
          }
          int first = from.map(place -> files.indexOf(place.file())).orElse(0);
          var rest = files.subList(first, files.size());
          return Optional.of(read(name, rest, from, bytesMax, batchBytesMax));
        });
  }

  private SetAsidePage read(
      String name, List<String> files, Optional<Place> from, int bytesMax, int batchBytesMax) {
    var reading = new PageReading(bytesMax, batchBytesMax);
    for (String file : files) {
      long position =
          from.filter(place -> place.file().equals(file)).map(Place::position).orElse(0L);
      if (reading.isFull()) {
        return reading.page(Optional.of(new Place(file, position)));
      }
      var opened = disk.open(path(name, file));
      if (opened.isEmpty()) {
        continue; // it expires at this moment
      }
      try (DiskFile open = opened.get()) {
        var next = reading.read(open, file, position);
        if (next.isPresent()) {
          return reading.page(next);
        }
      }
    }
    return reading.page(Optional.empty());
  }

  private Told told(String name) {
    var content =
        ChecksummedText.readIfPossible(
            disk, path(name, Manifest.NAME), Manifest.KIND, Manifest.VERSION);
    try {
      return switch (content) {
        case Content.Lines(var lines) -> new Told.Known(Manifest.parse(lines));
        case Content.Missing() -> new Told.Unreadable("Expected a manifest, but there is none");
        case Content.Damaged(var reason) -> new Told.Unreadable(reason);
      };
    } catch (IllegalArgumentException e) {
      return new Told.Unreadable(String.valueOf(e.getMessage()));
    }
  }

  /** Those of the entry itself, then those of a log that was moved as a whole; each by offset. */
  private List<String> files(String name) {
    var files = new ArrayList<String>();
    var inside = disk.list(path(name));
    batches(inside).forEach(files::add);
    for (DiskEntry entry : inside) {
      if (entry.isDirectory()) {
        batches(disk.list(path(name, entry.name())))
            .forEach(file -> files.add(entry.name() + "/" + file));
      }
    }
    return files;
  }

  private static Stream<String> batches(List<DiskEntry> entries) {
    return entries.stream()
        .filter(DiskEntry::isFile)
        .map(DiskEntry::name)
        .filter(file -> BATCHES.matcher(file).matches())
        .sorted();
  }

  private long size(String name, String file) {
    return disk.open(path(name, file))
        .map(opened -> {
          try (opened) {
            return opened.size();
          }
        })
        .orElse(0L);
  }

  private Optional<String> nameOf(long number) {
    return places().filter(name -> numberOf(name) == number).findFirst();
  }

  private Stream<String> places() {
    return disk.list(Manifest.DIRECTORY).stream()
        .filter(DiskEntry::isDirectory)
        .map(DiskEntry::name)
        .filter(name -> NAME.matcher(name).matches())
        .sorted(Comparator.comparingLong(SetAside::numberOf));
  }

  private static long numberOf(String name) {
    return Long.parseLong(name.substring(0, name.indexOf('-')));
  }

  private static Optional<PartitionId> partitionOf(String name) {
    try {
      return Optional.of(PartitionId.parse(name.substring(name.indexOf('-') + 1)));
    } catch (IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }

  private static String path(String... parts) {
    return Manifest.DIRECTORY + "/" + String.join("/", parts);
  }
}
