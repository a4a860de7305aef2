package dev.naru.log.disk;

import dev.naru.types.Refused;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A disk that writes down, a line each, what is changed and forced, in order. */
public final class TracedDisk implements Disk {

  private final Disk disk;
  private final List<String> trace = new ArrayList<>();
  private long startedBytes;

  /** Traces this disk. */
  public TracedDisk(Disk disk) {
    this.disk = disk;
  }

  /** A headline for what follows. */
  public void note(String headline) {
    trace.add("\n# " + headline);
  }

  /** Leaves out what was written down by now. */
  public void forget() {
    trace.clear();
  }

  /** How many bytes were to be on their way before they are forced. */
  public long startedBytes() {
    return startedBytes;
  }

  /** All of it. */
  public String text() {
    return String.join("\n", trace).strip() + "\n";
  }

  private void add(String operation, String name) {
    trace.add(operation + " " + (name.isEmpty() ? "." : name));
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
    add("create", name);
    return new TracedFile(disk.create(name));
  }

  @Override
  public Optional<DiskFile> open(String name) {
    return disk.open(name).map(TracedFile::new);
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
    if (!disk.exists(name)) {
      add("mkdir", name);
    }
    disk.makeDirectory(name);
  }

  @Override
  public void rename(String from, String to) {
    add("rename", from + " -> " + to);
    disk.rename(from, to);
  }

  @Override
  public void delete(String name) {
    add("delete", name);
    disk.delete(name);
  }

  @Override
  public void forceDirectory(String name) {
    add("FORCE DIRECTORY", name);
    disk.forceDirectory(name);
  }

  @Override
  public OptionalInt forceAllAbove() {
    return disk.forceAllAbove();
  }

  @Override
  public void forceAll() {
    trace.add("FORCE ALL");
    disk.forceAll();
  }

  @Override
  public DiskSpace space() {
    return disk.space();
  }

  @Override
  public void close() {
    disk.close();
  }

  private final class TracedFile implements DiskFile {

    private final DiskFile file;

    TracedFile(DiskFile file) {
      this.file = file;
    }

    @Override
    public String name() {
      return file.name();
    }

    @Override
    public void startWriting(long position, long bytes) {
      startedBytes += bytes;
      file.startWriting(position, bytes);
    }

    @Override
    public void write(ByteBuffer bytes, long position) {
      add("write", name() + " at " + position + ", " + bytes.remaining() + " bytes");
      file.write(bytes, position);
    }

    @Override
    public int read(ByteBuffer into, long position) {
      return file.read(into, position);
    }

    @Override
    public void force() {
      add("FORCE", name());
      file.force();
    }

    @Override
    public void truncate(long size) {
      add("truncate", name() + " to " + size);
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
