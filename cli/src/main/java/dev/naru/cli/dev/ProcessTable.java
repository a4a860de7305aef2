package dev.naru.cli.dev;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The processes of this machine. */
interface ProcessTable {

  /** The process with this number. */
  Optional<Running> find(long pid);

  /** All that can be seen. */
  Stream<Running> all();

  /**
   * A process.
   *
   * @param arguments empty when the operating system does not tell
   */
  record Running(long pid, Optional<Instant> started, List<String> arguments) {}

  /** The one of the operating system. */
  static ProcessTable ofSystem() {
    return new ProcessTable() {
      @Override
      public Optional<Running> find(long pid) {
        return ProcessHandle.of(pid).filter(ProcessTable::isRunning).map(ProcessTable::running);
      }

      @Override
      public Stream<Running> all() {
        return ProcessHandle.allProcesses()
            .filter(ProcessTable::isRunning)
            .map(ProcessTable::running);
      }
    };
  }

  private static Running running(ProcessHandle process) {
    var info = process.info();
    return new Running(
        process.pid(), info.startInstant(), List.of(info.arguments().orElse(new String[0])));
  }

  /**
   * A process that has ended stays in the table until its parent asks for its end. Where the first
   * process of a container asks for nothing, that is for ever.
   */
  private static boolean isRunning(ProcessHandle process) {
    try {
      String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
      return !stat.substring(stat.lastIndexOf(')') + 1).startsWith(" Z");
    } catch (IOException e) { // no such process, or no such file system
      return process.isAlive();
    }
  }
}
