package dev.naru.log.disk;

import dev.naru.types.Refused;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A disk some of whose operations fail. */
public final class FaultyDisk implements Disk {

  /** What may fail. */
  public enum Operation {
    CREATE,
    OPEN,
    READ,
    WRITE,
    FORCE,
    TRUNCATE,
    RENAME,
    DELETE,
    FORCE_DIRECTORY,
    FORCE_ALL
  }

  /** Decides, before each operation, whether it fails, and with what message. */
  @FunctionalInterface
  public interface Fault {
    Optional<String> at(Operation operation, String name);
  }

  private final Disk disk;
  private Fault fault = (operation, name) -> Optional.empty();
  private DiskSpace space;
  private OptionalLong limitBytes = OptionalLong.empty();

  /** A disk that works until it is told otherwise. */
  public FaultyDisk(Disk disk) {
    this.disk = disk;
    this.space = disk.space();
  }

  /** From now on this decides. */
  public void failWhen(Fault newFault) {
    fault = newFault;
  }

  /** From now on every operation of this kind on names with this end fails. */
  public void fail(Operation failing, String nameEnd) {
    failWhen((operation, name) ->
        operation == failing && name.endsWith(nameEnd)
            ? Optional.of("Input/output error")
            : Optional.empty());
  }

  /** From now on the disk says it is this full, and refuses writes when there is no room at all. */
  public void fill(DiskSpace newSpace) {
    space = newSpace;
    failWhen((operation, name) ->
        operation == Operation.WRITE && space.usableBytes() == 0
            ? Optional.of("No space left on device")
            : Optional.empty());
  }

  /** From now on the disk holds so many bytes, and refuses writes that need more. */
  public void limit(long totalBytes) {
    limitBytes = OptionalLong.of(totalBytes);
  }

  private long usedBytes(String directory) {
    long used = 0;
    for (var entry : disk.list(directory)) {
      String name = directory.isEmpty() ? entry.name() : directory + "/" + entry.name();
      if (entry.isDirectory()) {
        used += usedBytes(name);
      } else {
        try (var file = disk.open(name).orElseThrow()) {
          used += file.size();
        }
      }
    }
    return used;
  }

  private void takeRoom(DiskFile file, long newSize) {
    if (limitBytes.isPresent() && newSize - file.size() > space().usableBytes()) {
      throw new StorageException(
          location(), "WRITE " + file.name(), new IOException("No space left on device"));
    }
  }

  private void attempt(Operation operation, String name) {
    Optional<String> message = fault.at(operation, name);
    if (message.isPresent()) {
      throw new StorageException(
          location(), operation + " " + name, new IOException(message.get()));
    }
  }

  @Override
  public String location() {
    return disk.location();
  }

  @Override
  public Optional<Refused> lock() {
    return disk.lock();
  }

  @Override
  public DiskFile create(String name) {
    attempt(Operation.CREATE, name);
    return new FaultyFile(disk.create(name));
  }

  @Override
  public Optional<DiskFile> open(String name) {
    attempt(Operation.OPEN, name);
    return disk.open(name).map(FaultyFile::new);
  }

  @Override
  public boolean exists(String name) {
    return disk.exists(name);
  }

  @Override
  public List<DiskEntry> list(String directory) {
    return disk.list(directory);
  }

  @Override
  public void makeDirectory(String name) {
    attempt(Operation.CREATE, name);
    disk.makeDirectory(name);
  }

  @Override
  public void rename(String from, String to) {
    attempt(Operation.RENAME, to);
    disk.rename(from, to);
  }

  @Override
  public void delete(String name) {
    attempt(Operation.DELETE, name);
    disk.delete(name);
  }

  @Override
  public void forceDirectory(String name) {
    attempt(Operation.FORCE_DIRECTORY, name);
    disk.forceDirectory(name);
  }

  @Override
  public OptionalInt forceAllAbove() {
    return disk.forceAllAbove();
  }

  @Override
  public void forceAll() {
    attempt(Operation.FORCE_ALL, ROOT);
    disk.forceAll();
  }

  @Override
  public DiskSpace space() {
    return limitBytes.isEmpty()
        ? space
        : new DiskSpace(limitBytes.getAsLong() - usedBytes(ROOT), limitBytes.getAsLong());
  }

  @Override
  public void close() {
    disk.close();
  }

  private final class FaultyFile implements DiskFile {

    private final DiskFile file;

    FaultyFile(DiskFile file) {
      this.file = file;
    }

    @Override
    public String name() {
      return file.name();
    }

    @Override
    public void write(ByteBuffer bytes, long position) {
      attempt(Operation.WRITE, name());
      takeRoom(file, Math.max(file.size(), position + bytes.remaining()));
      file.write(bytes, position);
    }

    @Override
    public int read(ByteBuffer into, long position) {
      fault
          .at(Operation.READ, name())
          .ifPresent(message -> {
            throw new UnreadableException(location(), name(), position, new IOException(message));
          });
      return file.read(into, position);
    }

    @Override
    public void force() {
      attempt(Operation.FORCE, name());
      file.force();
    }

    @Override
    public void truncate(long size) {
      attempt(Operation.TRUNCATE, name());
      file.truncate(size);
    }

    @Override
    public long size() {
      return file.size();
    }

    @Override
    public void close() {
      file.close();
    }
  }
}
