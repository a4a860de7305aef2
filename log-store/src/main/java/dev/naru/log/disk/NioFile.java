package dev.naru.log.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;

/** A file of a {@link NioDisk}, read and written at absolute positions. */
final class NioFile implements DiskFile {

  private final NioDisk disk;
  private final String name;
  private final FileChannel channel;
  private final SpaceAhead ahead;

  NioFile(NioDisk disk, String name, FileChannel channel, SpaceAhead ahead) {
    this.disk = disk;
    this.name = name;
    this.channel = channel;
    this.ahead = ahead;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void write(ByteBuffer bytes, long position) {
    ahead.before(position + bytes.remaining());
    try {
      long at = position;
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
    } catch (IOException e) {
      throw new StorageException(disk.location(), "write to " + name, e);
    }
  }

  @Override
  public int read(ByteBuffer into, long position) {
    try {
      return read(channel, into, position);
    } catch (ClosedChannelException e) {
      throw new ClosedFileException(disk.location(), name, e);
    } catch (IOException e) {
      throw new UnreadableException(disk.location(), name, position, e);
    }
  }

  static int read(FileChannel channel, ByteBuffer into, long position) throws IOException {
    int total = 0;
    while (into.hasRemaining()) {
      int read = channel.read(into, position + total);
      if (read < 0) {
        break;
      }
      total += read;
    }
    return total;
  }

  @Override
  public void startWriting(long position, long bytes) {
    ahead.startWriting(position, bytes);
  }

  @Override
  public void force() {
    disk.attempt(
        "force " + name,
        () -> {
          channel.force(false); // fdatasync: the bytes, and the length where it has changed
          return name;
        });
  }

  @Override
  public void truncate(long size) {
    disk.attempt("truncate " + name, () -> channel.truncate(size));
    ahead.wasCut();
  }

  @Override
  public long size() {
    return disk.attempt("ask for the size of " + name, channel::size);
  }

  @Override
  public void close() {
    disk.attempt(
        "close " + name,
        () -> {
          ahead.giveBack(channel);
          channel.close();
          return name;
        });
  }
}
