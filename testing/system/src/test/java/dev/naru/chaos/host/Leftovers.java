package dev.naru.chaos.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * What a test has changed outside its own process: processes, mounts, control groups, network
 * namespaces. It stands in a file before it is made, so that a test that was killed leaves a list;
 * the next one clears it away, and a test that ends without closing does so by a shutdown hook.
 *
 * <p>A line is a kind, a blank and a name. Only what is on a list of ours is ever touched.
 */
public final class Leftovers {

  private static final Path LISTS =
      Path.of(
          System.getProperty("java.io.tmpdir"), "naru-chaos-" + System.getProperty("user.name"));

  private static final Set<String> NOTED = new TreeSet<>(); // guarded by the class

  private Leftovers() {}

  /** To be called before the thing is made. */
  static synchronized void note(String kind, String name) {
    if (NOTED.isEmpty() && !Files.exists(ownList())) {
      sweepAfterTheDead();
      Runtime.getRuntime().addShutdownHook(new Thread(Leftovers::clearOwn));
    }
    NOTED.add(kind + " " + name);
    writeOwn();
  }

  /** A process that was just started. */
  public static void note(Process process) {
    note("process", Identity.of(process.toHandle()).toString());
  }

  /** To be called when the thing is gone. */
  static synchronized void forget(String kind, String name) {
    NOTED.remove(kind + " " + name);
    writeOwn();
  }

  /** Clears away what tests left that are no more. */
  public static void sweepAfterTheDead() {
    for (var list : lists()) {
      long owner = Long.parseLong(list.getFileName().toString());
      if (ProcessHandle.of(owner).isEmpty()) {
        clear(list);
      }
    }
  }

  private static synchronized void clearOwn() {
    if (!NOTED.isEmpty()) {
      clear(ownList());
      sweepAfterTheDead(); // those of the processes that were just ended
    }
    try {
      Files.deleteIfExists(ownList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** First those that hold the others: processes, then what they ran in and on. */
  private static void clear(Path list) {
    try {
      var things = Files.readAllLines(list);
      for (var kind : List.of("process", "cgroup", "mount", "netns")) {
        things.reversed().stream()
            .filter(thing -> thing.startsWith(kind + " "))
            .forEach(thing -> clear(kind, thing.substring(kind.length() + 1)));
      }
      Files.deleteIfExists(list);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void clear(String kind, String name) {
    switch (kind) {
      case "process" -> Identity.parse(name).kill();
      case "cgroup" -> removeGroup(Path.of(name));
      case "mount" -> Shell.attempt("umount", "-l", name); // it may not be mounted at this moment
      default -> Shell.attempt("ip", "netns", "delete", name);
    }
  }

  private static void removeGroup(Path group) {
    if (!Files.isDirectory(group)) {
      return;
    }
    try {
      var state = group.resolve("freezer.state");
      Files.writeString(
          Files.exists(state) ? state : group.resolve("cgroup.freeze"),
          Files.exists(state) ? "THAWED" : "0");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Freezer.remove(group);
  }

  private static Path ownList() {
    return LISTS.resolve(Long.toString(ProcessHandle.current().pid()));
  }

  private static void writeOwn() {
    try {
      Files.createDirectories(LISTS);
      Files.write(
          ownList(), NOTED, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> lists() {
    if (!Files.isDirectory(LISTS)) {
      return List.of();
    }
    var lists = new ArrayList<Path>();
    try (var found = Files.newDirectoryStream(LISTS, "[0-9]*")) {
      found.forEach(lists::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return lists;
  }

  /** A process, told from a later one of the same number by the time at which it began. */
  record Identity(long pid, long beganMillis) {

    /** The system counts from its start, which it knows to the second. */
    private static final long BOOT_TIME_ERROR_MILLIS = 2000;

    private static final long DYING_SECONDS_MAX = 5;

    static Identity of(ProcessHandle process) {
      return new Identity(process.pid(), began(process));
    }

    static Identity parse(String text) {
      var parts = text.split(" ", -1);
      return new Identity(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    }

    void kill() {
      ProcessHandle.of(pid)
          .filter(process -> Math.abs(began(process) - beganMillis) < BOOT_TIME_ERROR_MILLIS)
          .ifPresent(Identity::end);
    }

    /** Waits, because what it holds open cannot be unmounted. */
    private static void end(ProcessHandle process) {
      process.destroyForcibly();
      process.onExit().completeOnTimeout(process, DYING_SECONDS_MAX, TimeUnit.SECONDS).join();
    }

    private static long began(ProcessHandle process) {
      return process.info().startInstant().map(began -> began.toEpochMilli()).orElse(-1L);
    }

    @Override
    public String toString() {
      return pid + " " + beganMillis;
    }
  }
}
