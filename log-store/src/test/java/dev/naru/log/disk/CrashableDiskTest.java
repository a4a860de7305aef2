package dev.naru.log.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.testing.Seeds;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a power loss may leave, and what it may not, is what all crash tests rely on. */
class CrashableDiskTest {

  private final CrashableDisk disk = CrashableDisk.empty();

  @Test
  void leavesAnySubsetOfTheWritesThatWereNotForced() {
    DiskFile file = disk.create("f");
    write(file, "....", 0);
    file.force();
    disk.forceDirectory(Disk.ROOT);
    write(file, "a", 0);
    write(file, "b", 2);
    write(file, "c", 4);

    assertThat(disk.unforced()).isEqualTo(3);
    assertThat(contents("f"))
        .containsExactly("....", "....c", "..b.", "..b.c", "a...", "a...c", "a.b.", "a.b.c");
  }

  @Test
  void leavesAnySubsetOfTheNamesThatWereNotForced() {
    disk.create("a").close();
    disk.forceDirectory(Disk.ROOT);
    disk.create("b").close();
    disk.rename("a", "c");

    var left = new TreeSet<String>();
    disk.afterEachPowerLoss(image -> left.add(image.files("").toString()));

    assertThat(left).containsExactly("[a, b]", "[a]", "[b, c]", "[c]");
  }

  @Test
  void leavesACutOrTheWriteThatCameAfterIt() {
    DiskFile file = disk.create("f");
    write(file, "1234", 0);
    file.force();
    disk.forceDirectory(Disk.ROOT);
    file.truncate(1);
    write(file, "x", 1);

    assertThat(contents("f")).containsExactly("1", "1234", "1x", "1x34");
  }

  @Test
  void leavesNothingElseOfWhatWasForced() {
    DiskFile file = disk.create("f");
    write(file, "1234", 0);
    file.force();
    disk.forceDirectory(Disk.ROOT);

    assertThat(disk.unforced()).isZero();
    assertThat(contents("f")).containsExactly("1234");
  }

  @Test
  void tearsAWriteAtItsSectorsAndLetsTheLengthComeFirst() {
    DiskFile file = disk.create("f");
    disk.forceDirectory(Disk.ROOT);
    write(file, "x".repeat(3 * 512), 0);

    var lengths = new TreeSet<Integer>();
    var patterns = new TreeSet<String>();
    var random = Seeds.random(1);
    for (int i = 0; i < 1_000; i++) {
      byte[] left = disk.afterPowerLoss(PowerLoss.ANY, random).bytes("f");
      lengths.add(left.length);
      var pattern = new StringBuilder();
      for (int at = 0; at < left.length; at += 512) {
        pattern.append(left[at] == 'x' ? 'x' : '0');
      }
      patterns.add(pattern.toString());
    }

    assertThat(patterns).contains("", "x", "0x", "x0x", "00x", "xxx", "000");
    assertThat(lengths).hasSizeGreaterThan(50).contains(0, 512, 1024, 1536);
  }

  private Set<String> contents(String name) {
    var left = new TreeSet<String>();
    disk.afterEachPowerLoss(
        image -> left.add(new String(image.bytes(name), StandardCharsets.UTF_8)));
    return left;
  }

  private static void write(DiskFile file, String text, long position) {
    file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), position);
  }
}
