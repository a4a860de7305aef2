package dev.naru.log.disk;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.Charset;
import java.nio.file.Path;

/**
 * Functions of Linux' C library that the JDK does not offer. What fails is an {@link IOException}
 * with the error's number.
 */
final class LibC {

  /** The same on x86-64 and AArch64, which O_DIRECTORY is not. */
  private static final int O_RDONLY_CLOEXEC = 0x80000;

  private static final int O_RDWR_CLOEXEC = 0x80002;

  private static final int FALLOC_FL_KEEP_SIZE = 1;
  private static final int SYNC_FILE_RANGE_WRITE = 2;

  /** As the JDK spells paths to the system. */
  private static final Charset OF_PATHS =
      Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

  private LibC() {}

  /** Whether all of them are there, and the command line allows native access. */
  static boolean isUsable() {
    return LibC.class.getModule().isNativeAccessEnabled() // else the JVM would print a warning
        && Linker.nativeLinker().defaultLookup().find("syncfs").isPresent();
  }

  /** Opens a file or directory to read; says its descriptor. */
  static int open(Path path) throws IOException {
    return open(path, O_RDONLY_CLOEXEC);
  }

  private static int open(Path path, int flags) throws IOException {
    try (var arena = Arena.ofConfined()) {
      var name = arena.allocateFrom(JAVA_BYTE, (path + "\0").getBytes(OF_PATHS));
      return call("open", state -> (int) Functions.OPEN.invokeExact(state, name, flags));
    }
  }

  /** Takes space for a range of a file, whose length stays what it is. */
  static void takeSpace(Path file, long from, long bytes) throws IOException {
    with(
        file,
        "fallocate",
        (state, descriptor) ->
            (int)
                Functions.FALLOCATE.invokeExact(
                    state, descriptor, FALLOC_FL_KEEP_SIZE, from, bytes));
  }

  /** Cuts a file; the JDK would leave out the call where the length stays what it is. */
  static void truncate(Path file, long size) throws IOException {
    with(
        file,
        "ftruncate",
        (state, descriptor) -> (int) Functions.FTRUNCATE.invokeExact(state, descriptor, size));
  }

  /**
   * Has the system begin to write a range of a file; nobody waits, and nothing is durable by it.
   */
  static void startWriting(Path file, long from, long bytes) throws IOException {
    with(
        file,
        "sync_file_range",
        (state, descriptor) ->
            (int)
                Functions.SYNC_FILE_RANGE.invokeExact(
                    state, descriptor, from, bytes, SYNC_FILE_RANGE_WRITE));
  }

  private static void with(Path file, String name, OfFile function) throws IOException {
    int descriptor = open(file, O_RDWR_CLOEXEC);
    try {
      call(name, state -> function.call(state, descriptor));
    } finally {
      close(descriptor);
    }
  }

  /** How nice the calling thread is to others: Linux has such a number for each. */
  static void beNice(int nice) throws IOException {
    call("setpriority", state -> (int) Functions.SETPRIORITY.invokeExact(state, 0, 0, nice));
  }

  static void syncfs(int descriptor) throws IOException {
    call("syncfs", state -> (int) Functions.SYNCFS.invokeExact(state, descriptor));
  }

  static void fsync(int descriptor) throws IOException {
    call("fsync", state -> (int) Functions.FSYNC.invokeExact(state, descriptor));
  }

  static void close(int descriptor) throws IOException {
    call("close", state -> (int) Functions.CLOSE.invokeExact(state, descriptor));
  }

  private static int call(String name, Function function) throws IOException {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(Linker.Option.captureStateLayout());
      int result = function.call(state);
      if (result < 0) {
        throw new IOException(name + " failed with errno " + (int) Functions.ERRNO.get(state, 0L));
      }
      return result;
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("Expected a function of C to throw nothing", e);
    }
  }

  @FunctionalInterface
  private interface Function {
    int call(MemorySegment state) throws Throwable;
  }

  @FunctionalInterface
  private interface OfFile {
    int call(MemorySegment state, int descriptor) throws Throwable;
  }

  /** A class of its own, so that nothing is looked up where it is not there. */
  private static final class Functions {

    static final VarHandle ERRNO =
        Linker.Option.captureStateLayout().varHandle(PathElement.groupElement("errno"));

    private static final Linker.Option KEEP_ERRNO = Linker.Option.captureCallState("errno");
    private static final FunctionDescriptor OF_DESCRIPTOR =
        FunctionDescriptor.of(JAVA_INT, JAVA_INT);

    static final MethodHandle SYNCFS = function("syncfs", OF_DESCRIPTOR, KEEP_ERRNO);
    static final MethodHandle FSYNC = function("fsync", OF_DESCRIPTOR, KEEP_ERRNO);
    static final MethodHandle FTRUNCATE =
        function("ftruncate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG), KEEP_ERRNO);
    static final MethodHandle FALLOCATE =
        function(
            "fallocate",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG),
            KEEP_ERRNO);
    static final MethodHandle SYNC_FILE_RANGE =
        function(
            "sync_file_range",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT),
            KEEP_ERRNO);
    static final MethodHandle SETPRIORITY =
        function(
            "setpriority",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
            KEEP_ERRNO);
    static final MethodHandle CLOSE = function("close", OF_DESCRIPTOR, KEEP_ERRNO);
    static final MethodHandle OPEN =
        function(
            "open",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
            KEEP_ERRNO,
            Linker.Option.firstVariadicArg(2));

    /** Restricted, since a wrong signature crashes the JVM; these are those of the man pages. */
    @SuppressWarnings("restricted")
    private static MethodHandle function(
        String name, FunctionDescriptor type, Linker.Option... options) {
      var linker = Linker.nativeLinker();
      return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, options);
    }
  }
}
