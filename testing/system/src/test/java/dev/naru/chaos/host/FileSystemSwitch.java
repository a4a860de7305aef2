package dev.naru.chaos.host;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * Turns a mounted ext4 file system off: from then on it writes nothing, not even its journal, so
 * that what nobody had forced is gone when it is mounted again.
 *
 * <p>Holds the directory open, so that the moment of the cut is one call. Must be closed before the
 * file system is unmounted.
 */
final class FileSystemSwitch implements AutoCloseable {

  private static final int O_RDONLY_CLOEXEC = 0x80000;
  private static final long EXT4_IOC_SHUTDOWN = 0x8004587dL;
  private static final int NOLOGFLUSH = 2;

  private static final MethodHandle OPEN =
      function("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), 2);
  private static final MethodHandle IOCTL =
      function("ioctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), 2);
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT), 1);

  private final Path mountPoint;
  private final int descriptor;

  private FileSystemSwitch(Path mountPoint, int descriptor) {
    this.mountPoint = mountPoint;
    this.descriptor = descriptor;
  }

  static FileSystemSwitch of(Path mountPoint) {
    try (var arena = Arena.ofConfined()) {
      int descriptor =
          (int) OPEN.invokeExact(arena.allocateFrom(mountPoint.toString()), O_RDONLY_CLOEXEC);
      return new FileSystemSwitch(mountPoint, expectNotNegative("open", mountPoint, descriptor));
    } catch (Throwable e) {
      throw new AssertionError("Expected to open " + mountPoint, e);
    }
  }

  /** Now. */
  void turnOff() {
    try (var arena = Arena.ofConfined()) {
      int result =
          (int)
              IOCTL.invokeExact(
                  descriptor, EXT4_IOC_SHUTDOWN, arena.allocateFrom(JAVA_INT, NOLOGFLUSH));
      expectNotNegative("ioctl", mountPoint, result);
    } catch (Throwable e) {
      throw new AssertionError("Expected to turn off " + mountPoint, e);
    }
  }

  @Override
  public void close() {
    try {
      expectNotNegative("close", mountPoint, (int) CLOSE.invokeExact(descriptor));
    } catch (Throwable e) {
      throw new AssertionError("Expected to close " + mountPoint, e);
    }
  }

  private static int expectNotNegative(String call, Path of, int result) {
    if (result < 0) {
      throw new AssertionError("Expected %s of %s to succeed, but it failed".formatted(call, of));
    }
    return result;
  }

  @SuppressWarnings("restricted") // that is what it is about
  private static MethodHandle function(String name, FunctionDescriptor type, int fixedArguments) {
    var linker = Linker.nativeLinker();
    var address = linker.defaultLookup().find(name).orElseThrow();
    return fixedArguments < type.argumentLayouts().size()
        ? linker.downcallHandle(address, type, Linker.Option.firstVariadicArg(fixedArguments))
        : linker.downcallHandle(address, type);
  }
}
