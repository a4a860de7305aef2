package dev.naru.log.disk;

import dev.naru.types.Refused;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A directory of a real file system to look into: a stopped node's, a running one's, one that is
 * mounted to be read only. Takes no lock, opens files for reading and nothing else, and throws
 * {@link UnsupportedOperationException} at every operation that would change anything.
 */
public final class ReadOnlyDisk implements Disk {

  private final NioDisk disk; // of which only what reads is called
  private final Path root;

  private ReadOnlyDisk(Path root) {
    this.disk = NioDisk.at(root);
    this.root = root;
  }

  /** The disk whose root is this directory. */
  public static ReadOnlyDisk at(Path root) {
    return new ReadOnlyDisk(root.toAbsolutePath().normalize());
  }

  @Override
  public String location() {
    return disk.location();
  }

  @Override
  public Optional<DiskFile> open(String name) {
    return disk.attempt(
        "open " + name,
        () -> {
          if (!disk.isFile(name)) {
            return Optional.empty();
          }
          try {
            var channel = FileChannel.open(root.resolve(name), StandardOpenOption.READ);
            return Optional.of(new ReadOnlyFile(name, channel));
          } catch (NoSuchFileException goneMeanwhile) {
            return Optional.empty();
          }
        });
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
  public DiskSpace space() {
    return disk.space();
  }

  @Override
  public Optional<Refused> lock() {
    throw readsOnly("lock it");
  }

  @Override
  public DiskFile create(String name) {
    throw readsOnly("create " + name);
  }

  @Override
  public void makeDirectory(String name) {
    throw readsOnly("make directory " + name);
  }

  @Override
  public void rename(String from, String to) {
    throw readsOnly("rename " + from);
  }

  @Override
  public void delete(String name) {
    throw readsOnly("delete " + name);
  }

  @Override
  public void forceDirectory(String name) {
    throw readsOnly("force directory " + name);
  }

  @Override
  public OptionalInt forceAllAbove() {
    return OptionalInt.empty();
  }

  @Override
  public void forceAll() {
    throw readsOnly("force all");
  }

  @Override
  public void close() {
    // It holds nothing: files are closed by whoever opened them.
  }

  private UnsupportedOperationException readsOnly(String operation) {
    return new UnsupportedOperationException(
        "Expected only to read in " + root + ", but was asked to " + operation);
  }

  private final class ReadOnlyFile implements DiskFile {

    private final String name;
    private final FileChannel channel;

    ReadOnlyFile(String name, FileChannel channel) {
      this.name = name;
      this.channel = channel;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public int read(ByteBuffer into, long position) {
      try {
        return NioFile.read(channel, into, position);
      } catch (IOException e) {
        throw new UnreadableException(location(), name, position, e);
      }
    }

    @Override
    public long size() {
      return disk.attempt("ask for the size of " + name, channel::size);
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw new StorageException(location(), "close " + name, e);
      }
    }

    @Override
    public void write(ByteBuffer bytes, long position) {
      throw readsOnly("write to " + name);
    }

    @Override
    public void force() {
      throw readsOnly("force " + name);
    }

    @Override
    public void truncate(long size) {
      throw readsOnly("truncate " + name);
    }
  }
}
