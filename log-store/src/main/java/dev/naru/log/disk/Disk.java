package dev.naru.log.disk;

import dev.naru.types.Refused;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One data directory, seen as a file system of its own. Every file operation of the log store goes
 * through here, so that a test can crash, fill or break the disk at any of them.
 *
 * <p>Names are relative to the directory, with {@code /} between their parts; the directory itself
 * is {@link #ROOT}. Nothing is durable before it has been forced: the bytes of a file by {@link
 * DiskFile#force}, its name by {@link #forceDirectory} of the directory that holds it, and all of
 * it at once by {@link #forceAll}.
 *
 * <p>Any thread may call. Every method throws {@link StorageException} when the machine fails.
 */
public interface Disk extends AutoCloseable {

  /** The name of the data directory itself. */
  String ROOT = "";

  /** Where it is, for messages. */
  String location();

  /** Keeps other processes away until {@link #close}; refused with the holder's process id. */
  Optional<Refused> lock();

  /** Makes an empty file. There must be none of that name. */
  DiskFile create(String name);

  /** Opens a file to read and write; empty when there is no regular file of that name. */
  Optional<DiskFile> open(String name);

  /** Whether there is anything of that name. */
  boolean exists(String name);

  /** What a directory holds, sorted by name; nothing when there is no such directory. */
  List<DiskEntry> list(String directory);

  /** Makes a directory, and those above it, unless it exists. */
  void makeDirectory(String name);

  /** Moves a file or a directory, atomically; a file replaces a file of the new name. */
  void rename(String from, String to);

  /** Deletes a file, or an empty directory. */
  void delete(String name);

  /**
   * When a file was last written to, by the machine's clock; empty when there is no such file, or
   * the disk does not say.
   */
  default OptionalLong writtenMillis(String name) {
    return OptionalLong.empty();
  }

  /** Makes the names in a directory durable: creations, renames and deletions up to now. */
  void forceDirectory(String name);

  /**
   * From how many forces of files and directories on one {@link #forceAll} in their place takes
   * less time: for more than that many. Empty when this disk has no such operation.
   */
  OptionalInt forceAllAbove();

  /**
   * Makes everything durable that was done up to now: bytes, lengths and names. Only for a disk
   * that says {@linkplain #forceAllAbove from when on}. Never called again after it has failed.
   */
  void forceAll();

  /** How full the file system is. */
  DiskSpace space();

  /** Gives the directory up: releases the lock. Files that are open stay open. */
  @Override
  void close();
}
