package dev.naru.chaos.host;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;

/**
 * Stops processes as one, at whatever instruction they are: a control group of version 1 or 2. Only
 * root can make one. Of version 1, a frozen process that is killed ends when it is thawed; it runs
 * none of its own code then.
 */
public final class Freezer implements AutoCloseable {

  private static final Path V1 = Path.of("/sys/fs/cgroup/freezer");
  private static final Path V2 = Path.of("/sys/fs/cgroup");
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Path group;
  private final boolean isFirstVersion;

  private Freezer(Path group, boolean isFirstVersion) {
    this.group = group;
    this.isFirstVersion = isFirstVersion;
  }

  /** Why none can be made here, if none can. */
  public static Optional<String> whyNot() {
    if (!"root".equals(System.getProperty("user.name"))) {
      return Optional.of("only root can make control groups");
    }
    return hasFirstVersion() || Files.exists(V2.resolve("cgroup.controllers"))
        ? Optional.empty()
        : Optional.of("there is no freezer under " + V2);
  }

  /** Makes an empty one. */
  public static Freezer create(String name) {
    var group = (hasFirstVersion() ? V1 : V2).resolve(name);
    Leftovers.note("cgroup", group.toString());
    try {
      Files.createDirectories(group);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Freezer(group, hasFirstVersion());
  }

  private static boolean hasFirstVersion() {
    return Files.isDirectory(V1);
  }

  /** Takes these processes in; those that they start later are in it too. */
  public void takeIn(Collection<Long> pids) {
    pids.forEach(pid -> write("cgroup.procs", Long.toString(pid)));
  }

  /** Returns once all of them are stopped. */
  public void freeze() {
    write(isFirstVersion ? "freezer.state" : "cgroup.freeze", isFirstVersion ? "FROZEN" : "1");
    await("processes to be frozen")
        .pollInterval(Duration.ofMillis(1))
        .atMost(LIMIT)
        .until(this::isFrozen);
  }

  /** As the system says. */
  public boolean isFrozen() {
    return isFirstVersion
        ? read("freezer.state").strip().equals("FROZEN")
        : read("cgroup.events").contains("frozen 1");
  }

  /** Lets them go on. */
  public void thaw() {
    write(isFirstVersion ? "freezer.state" : "cgroup.freeze", isFirstVersion ? "THAWED" : "0");
  }

  /** Its processes, if any are left, go on outside. */
  @Override
  public void close() {
    thaw();
    remove(group);
    Leftovers.forget("cgroup", group.toString());
  }

  /** Moves what is left in a group to the one above and deletes it; who is dying takes a while. */
  static void remove(Path group) {
    var above = group.resolveSibling("cgroup.procs");
    await("a control group to be empty")
        .atMost(LIMIT)
        .ignoreExceptions() // a process that ends meanwhile cannot be moved
        .until(() -> {
          for (var pid : Files.readAllLines(group.resolve("cgroup.procs"))) {
            Files.writeString(above, pid);
          }
          Files.delete(group);
          return true;
        });
  }

  private void write(String file, String value) {
    try {
      Files.writeString(group.resolve(file), value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String read(String file) {
    try {
      return Files.readString(group.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
