package dev.naru.log.disk;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.naru.log.disk.DiskEntry.Kind;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NioDiskTest {

  /** What a file of 4 MiB may take, should its extents need a block or two. */
  private static final long WITH_BLOCKS_OF_ITS_OWN = (4 << 20) + (64 << 10);

  @TempDir Path root;

  @Test
  void readsBackWhatItWroteAtAnyPosition() {
    var disk = NioDisk.at(root);
    disk.makeDirectory("a/b");

    try (var file = disk.create("a/b/c")) {
      file.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), 0);
      file.write(ByteBuffer.wrap(new byte[] {9}), 1);
      file.force();
      file.truncate(3);
    }
    disk.forceDirectory("a/b");
    disk.rename("a/b/c", "a/d");

    var read = ByteBuffer.allocate(10);
    try (var file = disk.open("a/d").orElseThrow()) {
      assertThat(file.size()).isEqualTo(3);
      assertThat(file.read(read, 1)).isEqualTo(2);
      assertThat(file.read(ByteBuffer.allocate(1), 3)).isZero();
    }
    assertThat(read.flip()).isEqualTo(ByteBuffer.wrap(new byte[] {9, 3}));
    assertThat(disk.open("a/b/c")).isEmpty();
    assertThat(disk.list("nowhere")).isEmpty();
    assertThat(disk.space().usableBytes()).isPositive();
  }

  @Test
  void doesNotFollowLinks() throws IOException {
    var disk = NioDisk.at(root);
    disk.create("real").close();
    disk.makeDirectory("sub");
    Files.createSymbolicLink(root.resolve("link"), root.resolve("real"));

    assertThat(disk.list(Disk.ROOT))
        .containsExactly(
            new DiskEntry("link", Kind.OTHER),
            new DiskEntry("real", Kind.FILE),
            new DiskEntry("sub", Kind.DIRECTORY));
    assertThat(disk.open("link")).isEmpty();
    assertThat(disk.exists("link")).isTrue();
  }

  @Test
  void listsWhatStaysWhileAnotherThreadReplacesACheckpoint() throws InterruptedException {
    var disk = NioDisk.at(root);
    disk.create("stays").close();
    var isOver = new AtomicBoolean();
    var other =
        Thread.ofPlatform()
            .start(() -> {
              while (!isOver.get()) {
                disk.create("checkpoint.tmp").close();
                disk.rename("checkpoint.tmp", "checkpoint");
              }
            });

    try {
      for (int i = 0; i < 20_000; i++) {
        assertThat(disk.list(Disk.ROOT)).contains(new DiskEntry("stays", Kind.FILE));
      }
    } finally {
      isOver.set(true);
      other.join();
    }
  }

  @Test
  void forcesItsFileSystemAsAWholeWhereItCanWhileItIsLocked() {
    var disk = NioDisk.at(root);
    assertThat(disk.forceAllAbove()).as("before it is locked").isEmpty();
    assertThat(disk.lock()).isEmpty();
    assumeThat(disk.forceAllAbove()).as("syncfs of " + root).isPresent();
    try (var file = disk.create("file")) {
      file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 0);
    }

    disk.forceAll();
    disk.close();

    assertThat(disk.forceAllAbove()).isEmpty();
    assertThatThrownBy(disk::forceAll)
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("force all");
  }

  @Test
  void countsAsFullWhatDfDoes() throws IOException {
    var disk = NioDisk.at(root);
    assertThat(disk.lock()).isEmpty();
    var store = Files.getFileStore(root);

    var space = disk.space();

    long keptBack = store.getUnallocatedSpace() - store.getUsableSpace(); // for root, or itself
    assertThat(space.totalBytes()).isCloseTo(store.getTotalSpace() - keptBack, withinPercentage(1));
    disk.close();
  }

  @Test
  void takesSpaceAheadOfAFileThatGrowsAndGivesItBack() throws Exception {
    var disk = NioDisk.at(root);
    assertThat(disk.lock()).isEmpty();
    assumeThat(disk.forceAllAbove()).as("a file system that is known: " + root).isPresent();

    var file = disk.create("grows");
    for (int i = 0; i < 64; i++) {
      file.write(ByteBuffer.wrap(new byte[64 << 10]), (long) i << 16);
    }
    file.force();
    assertThat(file.size()).isEqualTo(4 << 20);
    assertThat(spaceOf("grows")).isGreaterThan(WITH_BLOCKS_OF_ITS_OWN);

    file.close();
    file.close(); // as whoever is not sure does
    assertThat(spaceOf("grows")).isLessThanOrEqualTo(WITH_BLOCKS_OF_ITS_OWN);
    assertThat(Files.size(root.resolve("grows"))).isEqualTo(4 << 20);
    disk.close();
  }

  @Test
  void cutsNoOtherFileThatHasTakenItsName() {
    var disk = NioDisk.at(root);
    assertThat(disk.lock()).isEmpty();
    var old = disk.create("name");
    old.write(ByteBuffer.wrap(new byte[2 << 20]), 0);
    old.write(ByteBuffer.wrap(new byte[1]), 2 << 20);
    disk.rename("name", "moved");
    try (var other = disk.create("name")) {
      other.write(ByteBuffer.wrap(new byte[4 << 20]), 0);

      old.close();

      assertThat(other.size()).isEqualTo(4 << 20);
    }
    disk.close();
  }

  private long spaceOf(String name) throws Exception {
    var stat = new ProcessBuilder("stat", "-c", "%b", root.resolve(name).toString()).start();
    return Long.parseLong(new String(stat.getInputStream().readAllBytes(), US_ASCII).trim()) * 512;
  }

  @Test
  void neverMakesAFileTwice() {
    var disk = NioDisk.at(root);
    disk.create("once").close();

    assertThatThrownBy(() -> disk.create("once"))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("create once")
        .hasMessageContaining(root.toString());
  }

  @Test
  @Tag("S3")
  void aSecondProcessIsRefusedWithThePidOfTheFirst() throws Exception {
    var holder = start(root);
    try {
      assertThat(holder.inputReader().readLine()).isEqualTo("locked");

      Refused refused = NioDisk.at(root).lock().orElseThrow();

      assertThat(refused.code()).isEqualTo(ErrorCode.DIRECTORY_LOCKED);
      assertThat(refused.reason()).contains("process " + holder.pid()).contains(root.toString());
    } finally {
      holder.destroyForcibly().waitFor();
    }
    assertThat(NioDisk.at(root).lock()).as("the lock of a killed process").isEmpty();
  }

  @Test
  void theSameProcessIsRefusedTooUntilTheLockIsGivenUp() {
    var first = NioDisk.at(root);
    assertThat(first.lock()).isEmpty();

    assertThat(NioDisk.at(root).lock().orElseThrow().reason())
        .contains("process " + ProcessHandle.current().pid());
    first.close();
    assertThat(NioDisk.at(root).lock()).isEmpty();
  }

  @Test
  void aPlaceWhereNothingCanBeWrittenIsRefused() throws IOException {
    Files.createFile(root.resolve("file"));

    var refused = NioDisk.at(root.resolve("file")).lock().orElseThrow();

    assertThat(refused.code()).isEqualTo(ErrorCode.STORAGE_FAILED);
  }

  private static Process start(Path directory) throws IOException {
    String classes =
        Stream.of(LockHolder.class, NioDisk.class, Refused.class)
            .map(type -> type.getProtectionDomain().getCodeSource().getLocation().getPath())
            .collect(Collectors.joining(":"));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(
            java, "-Xshare:auto", "-cp", classes, LockHolder.class.getName(), directory.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
