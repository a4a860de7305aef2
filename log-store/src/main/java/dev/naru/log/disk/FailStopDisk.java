package dev.naru.log.disk;

import dev.naru.types.Refused;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A disk that, once an operation has failed, refuses every later one. A failed write or force
 * leaves the disk in a state that nobody knows; what would be done and said on top of it could not
 * be trusted, so nothing is. Only a read may fail without ending it: nothing is built on bytes that
 * nobody got.
 *
 * <p>It counts what is written, so that {@link SpaceGate} can keep a write from failing for lack of
 * room.
 *
 * <p>The listener hears of the first failure, on the thread that met it.
 */
public final class FailStopDisk implements Disk {

  /** The most that the beginning of a file costs beyond the bytes in it. */
  private static final int BLOCK_BYTES = 4096;

  private final Disk disk;
  private final Consumer<StorageException> listener;
  private final AtomicReference<Optional<StorageException>> failure =
      new AtomicReference<>(Optional.empty());
  private final AtomicLong writtenBytes = new AtomicLong();

  /** Stops at the first failure of this disk. */
  public FailStopDisk(Disk disk, Consumer<StorageException> listener) {
    this.disk = disk;
    this.listener = listener;
  }

  /** What ended it. */
  public Optional<StorageException> failure() {
    return failure.get();
  }

  /** What has been written by now, with a block for each new file: at least what it takes up. */
  public long writtenBytes() {
    return writtenBytes.get();
  }

  @Override
  public String location() {
    return disk.location();
  }

  @Override
  public Optional<Refused> lock() {
    return guarded(disk::lock);
  }

  @Override
  public DiskFile create(String name) {
    var created = guarded(() -> new FailStopFile(disk.create(name)));
    writtenBytes.addAndGet(BLOCK_BYTES);
    return created;
  }

  @Override
  public Optional<DiskFile> open(String name) {
    return guarded(() -> disk.open(name).map(FailStopFile::new));
  }

  @Override
  public boolean exists(String name) {
    return guarded(() -> disk.exists(name));
  }

  @Override
  public List<DiskEntry> list(String directory) {
    return guarded(() -> disk.list(directory));
  }

  @Override
  public void makeDirectory(String name) {
    guarded(() -> disk.makeDirectory(name));
    writtenBytes.addAndGet(BLOCK_BYTES);
  }

  @Override
  public void rename(String from, String to) {
    guarded(() -> disk.rename(from, to));
  }

  @Override
  public void delete(String name) {
    guarded(() -> disk.delete(name));
  }

  @Override
  public OptionalLong writtenMillis(String name) {
    return guarded(() -> disk.writtenMillis(name));
  }

  @Override
  public void forceDirectory(String name) {
    guarded(() -> disk.forceDirectory(name));
  }

  @Override
  public OptionalInt forceAllAbove() {
    return disk.forceAllAbove();
  }

  @Override
  public void forceAll() {
    guarded(disk::forceAll);
  }

  @Override
  public DiskSpace space() {
    return guarded(disk::space);
  }

  @Override
  public void close() {
    disk.close();
  }

  private void guarded(Runnable operation) {
    guarded(() -> {
      operation.run();
      return this;
    });
  }

  private <T> T guarded(Supplier<T> operation) {
    Optional<StorageException> none = whileWorking();
    try {
      return operation.get();
    } catch (StorageException e) {
      if (failure.compareAndSet(none, Optional.of(e))) {
        listener.accept(e);
      }
      throw e;
    }
  }

  private Optional<StorageException> whileWorking() {
    Optional<StorageException> earlier = failure.get();
    if (earlier.isPresent()) {
      throw new StorageException(earlier.get());
    }
    return earlier;
  }

  private final class FailStopFile implements DiskFile {

    private final DiskFile file;

    FailStopFile(DiskFile file) {
      this.file = file;
    }

    @Override
    public String name() {
      return file.name();
    }

    @Override
    public void write(ByteBuffer bytes, long position) {
      int length = bytes.remaining();
      guarded(() -> file.write(bytes, position));
      writtenBytes.addAndGet(length); // after the write: a look in between counts it twice
    }

    @Override
    public int read(ByteBuffer into, long position) {
      var _ = whileWorking();
      return file.read(into, position);
    }

    @Override
    public void startWriting(long position, long bytes) {
      file.startWriting(position, bytes);
    }

    @Override
    public void force() {
      guarded(file::force);
    }

    @Override
    public void truncate(long size) {
      guarded(() -> file.truncate(size));
    }

    @Override
    public long size() {
      return guarded(file::size);
    }

    @Override
    public void close() {
      file.close(); // also after a failure: the handle goes back to the system
    }
  }
}
