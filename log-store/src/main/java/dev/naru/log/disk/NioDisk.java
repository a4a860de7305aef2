package dev.naru.log.disk;

import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A directory of a real file system. Links below it are not followed.
 *
 * <p>A thread that uses its files must not be interrupted: the JDK would close the file under
 * everyone else.
 */
public final class NioDisk implements Disk {

  private static final String LOCK = "naru.lock";

  /**
   * Forces beyond which a {@code syncfs} takes their place. Measured in docs/PERFORMANCE.md: it
   * wins from 4 files on. But it also writes what others have left unwritten on the file system, so
   * it has to win by more than a few milliseconds; 16 forces take 2 to 5 on an idle disk.
   */
  private static final int SINGLE_FORCES_MAX = 16;

  private final Path root;
  private Optional<DirectoryLock> lock = Optional.empty(); // guarded by this
  private Optional<SyncFs> fileSystem = Optional.empty(); // guarded by this

  private NioDisk(Path root) {
    this.root = root;
  }

  /** The disk whose root is this directory, which is made when it is first locked. */
  public static NioDisk at(Path root) {
    return new NioDisk(root.toAbsolutePath().normalize());
  }

  @Override
  public String location() {
    return root.toString();
  }

  @Override
  public synchronized Optional<Refused> lock() {
    try {
      Files.createDirectories(root);
      return switch (DirectoryLock.take(root.resolve(LOCK))) {
        case DirectoryLock.Taken(var taken) -> {
          lock = Optional.of(taken);
          fileSystem = SyncFs.open(root); // before the first write of what is to be durable
          yield Optional.empty();
        }
        case DirectoryLock.Held(var by) ->
            Optional.of(
                new Refused(
                    ErrorCode.DIRECTORY_LOCKED,
                    "Expected to lock %s, but process %s holds it".formatted(root, by)));
      };
    } catch (IOException e) {
      close();
      return Optional.of(
          new Refused(
              ErrorCode.STORAGE_FAILED,
              "Expected a directory to write in at %s, but: %s".formatted(root, e)));
    }
  }

  @Override
  public DiskFile create(String name) {
    return attempt(
        "create " + name,
        () ->
            open(
                name,
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE));
  }

  @Override
  public Optional<DiskFile> open(String name) {
    return attempt(
        "open " + name,
        () -> {
          if (!isFile(name)) {
            return Optional.empty();
          }
          try {
            return Optional.of(open(name, StandardOpenOption.READ, StandardOpenOption.WRITE));
          } catch (NoSuchFileException goneMeanwhile) {
            return Optional.empty();
          }
        });
  }

  boolean isFile(String name) {
    return Files.isRegularFile(root.resolve(name), LinkOption.NOFOLLOW_LINKS);
  }

  private DiskFile open(String name, StandardOpenOption... options) throws IOException {
    var path = root.resolve(name);
    // Where the whole file system can be forced, which is where space can be taken ahead as well.
    var ahead = new SpaceAhead(path, fileSystem().isPresent());
    return new NioFile(this, name, FileChannel.open(path, options), ahead);
  }

  @Override
  public boolean exists(String name) {
    return Files.exists(root.resolve(name), LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public List<DiskEntry> list(String directory) {
    return attempt(
        "list " + directory,
        () -> {
          var entries = new ArrayList<DiskEntry>();
          try (DirectoryStream<Path> paths = Files.newDirectoryStream(root.resolve(directory))) {
            for (Path path : paths) {
              entry(path).ifPresent(entries::add);
            }
          } catch (NoSuchFileException | NotDirectoryException none) {
            return List.of();
          } catch (DirectoryIteratorException e) {
            throw e.getCause();
          }
          entries.sort(Comparator.comparing(DiskEntry::name));
          return entries;
        });
  }

  /** Empty when it has been moved or deleted since it was listed: that hides nothing else. */
  private static Optional<DiskEntry> entry(Path path) throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException goneMeanwhile) {
      return Optional.empty();
    }
    DiskEntry.Kind kind =
        attributes.isRegularFile()
            ? DiskEntry.Kind.FILE
            : attributes.isDirectory() ? DiskEntry.Kind.DIRECTORY : DiskEntry.Kind.OTHER;
    return Optional.of(new DiskEntry(String.valueOf(path.getFileName()), kind));
  }

  @Override
  public void makeDirectory(String name) {
    attempt("make directory " + name, () -> Files.createDirectories(root.resolve(name)));
  }

  @Override
  public void rename(String from, String to) {
    attempt(
        "rename " + from + " to " + to,
        () -> Files.move(root.resolve(from), root.resolve(to), StandardCopyOption.ATOMIC_MOVE));
  }

  @Override
  public void delete(String name) {
    attempt(
        "delete " + name,
        () -> {
          Files.delete(root.resolve(name));
          return name;
        });
  }

  @Override
  public OptionalLong writtenMillis(String name) {
    return attempt(
        "ask for the time of " + name,
        () -> {
          try {
            var time = Files.getLastModifiedTime(root.resolve(name), LinkOption.NOFOLLOW_LINKS);
            return OptionalLong.of(time.toMillis());
          } catch (NoSuchFileException gone) {
            return OptionalLong.empty();
          }
        });
  }

  @Override
  public void forceDirectory(String name) {
    attempt(
        "force directory " + name,
        () -> {
          try (var channel = FileChannel.open(root.resolve(name), StandardOpenOption.READ)) {
            channel.force(true);
            return name;
          }
        });
  }

  @Override
  public OptionalInt forceAllAbove() {
    return fileSystem().isPresent() ? OptionalInt.of(SINGLE_FORCES_MAX) : OptionalInt.empty();
  }

  @Override
  public void forceAll() {
    attempt(
        "force all",
        () -> {
          fileSystem().orElseThrow(() -> new IOException("it cannot, or is not locked")).force();
          return root;
        });
  }

  private synchronized Optional<SyncFs> fileSystem() {
    return fileSystem;
  }

  @Override
  public DiskSpace space() {
    return attempt(
        "ask for space",
        () -> {
          var store = Files.getFileStore(root);
          // As df counts: what the file system keeps for itself or for root is not ours to fill.
          long used = store.getTotalSpace() - store.getUnallocatedSpace();
          long usable = store.getUsableSpace();
          return new DiskSpace(usable, used + usable);
        });
  }

  @Override
  public synchronized void close() {
    fileSystem.ifPresent(SyncFs::close);
    fileSystem = Optional.empty();
    lock.ifPresent(DirectoryLock::release);
    lock = Optional.empty();
  }

  <T> T attempt(String operation, Io<T> io) {
    try {
      return io.run();
    } catch (IOException e) {
      throw new StorageException(location(), operation, e);
    }
  }

  /** Something that may fail as files do. */
  interface Io<T> {
    T run() throws IOException;
  }
}
