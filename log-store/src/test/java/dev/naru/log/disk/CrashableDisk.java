package dev.naru.log.disk;

import dev.naru.log.disk.NameChange.Place;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.io.FileNotFoundException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A disk in memory that can lose power. What was written is seen at once, and is there after a
 * power loss only if it was forced: bytes by the file, names by the directory. Of the rest, chance
 * decides.
 *
 * <p>Not for several threads at once.
 */
public final class CrashableDisk implements Disk {

  private static final DiskSpace ROOMY = new DiskSpace(1L << 40, 1L << 40);

  private final CrashableDirectory root;
  private final List<NameChange> pending = new ArrayList<>();
  private Runnable beforeEachChange = () -> {};
  private String losesForcesOf = "\0"; // no name ends with this
  private OptionalInt forceAllAbove = OptionalInt.empty();
  private boolean isLocked;
  private long bytesRead;
  private final SortedSet<String> altered = new TreeSet<>();

  private CrashableDisk(CrashableDirectory root) {
    this.root = root;
  }

  /** A disk with nothing on it. */
  public static CrashableDisk empty() {
    return new CrashableDisk(new CrashableDirectory());
  }

  /**
   * Calls this before each operation that changes anything: the moment to ask what a crash would
   * leave.
   */
  public void beforeEachChange(Runnable action) {
    beforeEachChange = action;
  }

  /**
   * From now on forces of files with this end of their names fail, and their pages count as clean:
   * what was written is still read, but no later force brings it to the platter.
   */
  public void loseForcesOf(String nameEnd) {
    losesForcesOf = nameEnd;
  }

  /** From now on it can force all at once, and asks for it in place of more forces than these. */
  public void preferForceAllAbove(int forces) {
    forceAllAbove = OptionalInt.of(forces);
  }

  /**
   * The disk as the next process would find it after a power loss now. This one goes on as if
   * nothing was.
   */
  public CrashableDisk afterPowerLoss(PowerLoss loss, RandomGenerator random) {
    return new CrashableDisk(new NamesAfterPowerLoss(loss, random).of(root, pending));
  }

  /** How many changes of bytes, lengths and names a power loss may or may not leave. */
  public int unforced() {
    return pending.size() + files(ROOT).stream().mapToInt(name -> file(name).unforced()).sum();
  }

  /**
   * Every disk that the next process could find after a power loss now, if each change that was not
   * forced is there as a whole or not at all, whatever their order was.
   *
   * @param action is given one after the other, and may change it
   */
  public void afterEachPowerLoss(Consumer<CrashableDisk> action) {
    var choices = new EveryChoice();
    do {
      action.accept(afterPowerLoss(PowerLoss.SOME, choices));
    } while (choices.advance());
  }

  /** The bytes of a file, for a test to look at. */
  public byte[] bytes(String name) {
    return file(name).bytes();
  }

  /** Replaces what a file holds, in both layers: rot, a restored old file, another's file. */
  public void replace(String name, byte[] content) {
    Place place = place(name);
    var file = CrashableFile.durable(content);
    place.directory().now.put(place.name(), file);
    place.directory().durable.put(place.name(), file);
  }

  /** Changes a byte of a file under whoever has it open, in both layers. */
  public void rot(String name, int position, int bits) {
    file(name).rot(position, bits);
  }

  /** Makes a file vanish, in both layers. */
  public void lose(String name) {
    Place place = place(name);
    place.directory().now.remove(place.name());
    place.directory().durable.remove(place.name());
  }

  /**
   * The names of files in which bytes were written over others that lay before the end. That the
   * same bytes are written again does not count, nor does what follows a cut.
   */
  public SortedSet<String> altered() {
    return Collections.unmodifiableSortedSet(altered);
  }

  /** How much has been read from files. */
  public long bytesRead() {
    return bytesRead;
  }

  /** All files below a directory, by name. */
  public List<String> files(String directory) {
    var found = new ArrayList<String>();
    for (DiskEntry entry : list(directory)) {
      String name = directory.isEmpty() ? entry.name() : directory + "/" + entry.name();
      if (entry.isDirectory()) {
        found.addAll(files(name));
      } else {
        found.add(name);
      }
    }
    return found;
  }

  @Override
  public String location() {
    return "memory";
  }

  @Override
  public Optional<Refused> lock() {
    if (isLocked) {
      return Optional.of(
          new Refused(ErrorCode.DIRECTORY_LOCKED, "Expected to lock memory, but it is locked"));
    }
    isLocked = true;
    return Optional.empty();
  }

  @Override
  public DiskFile create(String name) {
    beforeEachChange.run();
    var place = place(name);
    var file = CrashableFile.durable(new byte[0]);
    if (place.directory().now.putIfAbsent(place.name(), file) != null) {
      throw failure("create " + name, "it exists");
    }
    pending.add(new NameChange(file, Optional.empty(), Optional.of(place)));
    return new Handle(name, file);
  }

  @Override
  public Optional<DiskFile> open(String name) {
    return node(name) instanceof CrashableFile file
        ? Optional.of(new Handle(name, file))
        : Optional.empty();
  }

  @Override
  public boolean exists(String name) {
    return !(node(name) instanceof CrashableNode.Nothing);
  }

  @Override
  public List<DiskEntry> list(String directory) {
    if (!(node(directory) instanceof CrashableDirectory found)) {
      return List.of();
    }
    return found.now.entrySet().stream()
        .map(entry ->
            new DiskEntry(
                entry.getKey(),
                entry.getValue() instanceof CrashableDirectory
                    ? DiskEntry.Kind.DIRECTORY
                    : DiskEntry.Kind.FILE))
        .toList();
  }

  @Override
  public void makeDirectory(String name) {
    if (node(name) instanceof CrashableDirectory) {
      return;
    }
    int parentEnd = name.lastIndexOf('/');
    if (parentEnd >= 0) {
      makeDirectory(name.substring(0, parentEnd));
    }
    beforeEachChange.run();
    var place = place(name);
    var made = new CrashableDirectory();
    place.directory().now.put(place.name(), made);
    pending.add(new NameChange(made, Optional.empty(), Optional.of(place)));
  }

  @Override
  public void rename(String from, String to) {
    beforeEachChange.run();
    move(from, Optional.of(place(to)), "rename " + from + " to " + to);
  }

  @Override
  public void delete(String name) {
    beforeEachChange.run();
    move(name, Optional.empty(), "delete " + name);
  }

  private void move(String name, Optional<Place> to, String operation) {
    var from = place(name);
    CrashableNode node = from.directory().now.remove(from.name());
    if (node == null) {
      throw failure(operation, "there is none");
    }
    to.ifPresent(place -> place.directory().now.put(place.name(), node));
    pending.add(new NameChange(node, Optional.of(from), to));
  }

  @Override
  public void forceDirectory(String name) {
    beforeEachChange.run();
    if (!(node(name) instanceof CrashableDirectory directory)) {
      throw failure("force directory " + name, "there is none");
    }
    boolean[] isForced = new boolean[pending.size()];
    for (int i = pending.size() - 1; i >= 0; i--) {
      isForced[i] |= pending.get(i).touches(directory);
      for (int earlier = 0; isForced[i] && earlier < i; earlier++) {
        isForced[earlier] |= pending.get(earlier).isNeededFor(pending.get(i));
      }
    }
    var left = new ArrayList<NameChange>();
    for (int i = 0; i < isForced.length; i++) {
      if (isForced[i]) {
        pending.get(i).apply();
      } else {
        left.add(pending.get(i));
      }
    }
    pending.clear();
    pending.addAll(left);
  }

  @Override
  public OptionalInt forceAllAbove() {
    return forceAllAbove;
  }

  @Override
  public void forceAll() {
    beforeEachChange.run();
    pending.forEach(NameChange::apply);
    pending.clear();
    boolean isLost = false;
    for (String name : files(ROOT)) {
      if (name.endsWith(losesForcesOf)) {
        file(name).loseForce();
        isLost = true;
      } else {
        file(name).force();
      }
    }
    if (isLost) {
      throw failure("force all", "Input/output error");
    }
  }

  @Override
  public DiskSpace space() {
    return ROOMY;
  }

  @Override
  public void close() {
    isLocked = false;
  }

  private CrashableFile file(String name) {
    if (node(name) instanceof CrashableFile file) {
      return file;
    }
    throw failure("open " + name, "there is none");
  }

  private CrashableNode node(String name) {
    CrashableNode at = root;
    for (String part : name.split("/", -1)) {
      if (!part.isEmpty()) {
        at =
            at instanceof CrashableDirectory directory
                ? directory.now.getOrDefault(part, new CrashableNode.Nothing())
                : new CrashableNode.Nothing();
      }
    }
    return at;
  }

  private Place place(String name) {
    int parentEnd = name.lastIndexOf('/');
    String parent = parentEnd < 0 ? ROOT : name.substring(0, parentEnd);
    if (node(parent) instanceof CrashableDirectory directory) {
      return new Place(directory, name.substring(parentEnd + 1));
    }
    throw failure("find " + parent, "there is no such directory");
  }

  private StorageException failure(String operation, String reason) {
    return new StorageException(location(), operation, new FileNotFoundException(reason));
  }

  private final class Handle implements DiskFile {

    private final String name;
    private final CrashableFile file;
    private boolean isClosed;

    Handle(String name, CrashableFile file) {
      this.name = name;
      this.file = file;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public void write(ByteBuffer bytes, long position) {
      mustBeOpen("write to " + name);
      beforeEachChange.run();
      var written = new byte[bytes.remaining()];
      bytes.get(written);
      if (file.differsFrom((int) position, written)) {
        altered.add(name);
      }
      file.write((int) position, written);
    }

    @Override
    public int read(ByteBuffer into, long position) {
      mustBeOpen("read from " + name);
      int count = file.read(into, (int) position);
      bytesRead += count;
      return count;
    }

    @Override
    public void force() {
      mustBeOpen("force " + name);
      beforeEachChange.run();
      if (name.endsWith(losesForcesOf)) {
        file.loseForce();
        throw failure("force " + name, "Input/output error");
      }
      file.force();
    }

    @Override
    public void truncate(long size) {
      mustBeOpen("truncate " + name);
      beforeEachChange.run();
      file.cut((int) Math.min(size, file.size()));
    }

    @Override
    public long size() {
      mustBeOpen("ask for the size of " + name);
      return file.size();
    }

    @Override
    public void close() {
      isClosed = true;
    }

    private void mustBeOpen(String operation) {
      if (isClosed) {
        throw failure(operation, "it was closed");
      }
    }
  }
}
