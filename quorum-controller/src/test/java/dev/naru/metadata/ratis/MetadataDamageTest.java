package dev.naru.metadata.ratis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.metadata.codec.SnapshotCodec;
import dev.naru.metadata.log.MetadataLogException;
import dev.naru.metadata.log.QuorumMember;
import dev.naru.testing.Seeds;
import dev.naru.types.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that has changed something in a metadata directory, of a node that was killed and is the
 * only voter: it starts with all it had, or says that it cannot; never with less.
 */
class MetadataDamageTest {

  private static final int CASES = 20;
  private static final int PAGE = 4096;
  private static final NodeId ONE = new NodeId(1);

  private static final RatisSettings EAGER =
      new RatisSettings(Duration.ofMillis(100), Duration.ofMillis(200), 20, Duration.ofHours(1));

  private static final RatisSettings PATIENT =
      new RatisSettings(Duration.ofMillis(300), Duration.ofMillis(600), 20, Duration.ofHours(1));

  @TempDir Path directory;

  private enum Kind {
    FLIPPED_BIT,
    ZEROED_PAGE,
    CUT_SHORT,
    MISSING,
    SWAPPED
  }

  @Test
  void neverStartsWithLessThanItHad() throws Exception {
    try (var quorum = new TestQuorum(directory.resolve("quorum"), EAGER, 1, 0)) {
      Path original = directory.resolve("as-it-was");
      String expected = fill(quorum, original);
      var started = new AtomicInteger();

      Seeds.forEach(
          CASES,
          (seed, random) -> {
            Path place = quorum.seat(ONE).directory();
            restore(original, place);
            String damage = damage(place, random);
            if (starts(quorum, expected, damage)) {
              started.incrementAndGet();
            }
          });

      System.out.printf("%d of %d damaged metadata directories started%n", started.get(), CASES);
      if (System.getProperty("seed") == null && System.getProperty("seeds") == null) {
        assertThat(started).as("not by refusing them all").hasValueGreaterThanOrEqualTo(CASES / 4);
      }
    }
  }

  /** With it a voter would vote twice in a term, or follow somebody it has promised not to. */
  @Test
  void refusesAnotherVoteAndAnEarlierTerm() throws Exception {
    try (var quorum = new TestQuorum(directory.resolve("quorum"), EAGER, 1, 0)) {
      Path original = directory.resolve("as-it-was");
      String expected = fill(quorum, original);
      Path ballot = raft(quorum).resolve("raft-meta");
      String sound =
          Files.readString(original.resolve(quorum.seat(ONE).directory().relativize(ballot)));
      for (String other :
          List.of(
              sound.replace("votedFor=1", "votedFor=3"),
              sound.replaceFirst("term=\\d+", "term=1"),
              sound.replaceFirst("votedFor=1", "votedFor="))) {
        assertThat(other).isNotEqualTo(sound);
        restore(original, quorum.seat(ONE).directory());
        Files.writeString(ballot, other);

        assertThat(starts(quorum, expected, other)).as(other).isFalse();
        assertThat(ballot).hasContent(other);
      }
    }
  }

  /** On a full disk Ratis leaves an empty file, which it could not read itself. */
  @Test
  void theOnlyVoterStartsThoughItsVoteIsLost() throws Exception {
    try (var quorum = new TestQuorum(directory.resolve("quorum"), EAGER, 1, 0)) {
      Path original = directory.resolve("as-it-was");
      String expected = fill(quorum, original);
      restore(original, quorum.seat(ONE).directory());
      Files.write(raft(quorum).resolve("raft-meta"), new byte[0]);

      assertThat(starts(quorum, expected, "no vote")).isTrue();
      assertThat(starts(quorum, expected, "once more")).isTrue();
    }
  }

  @Test
  void aVoterWhoseVoteIsLostComesBackInATermThatItCannotHaveVotedIn() throws Exception {
    try (var quorum = new TestQuorum(directory.resolve("quorum"), PATIENT, 3, 0)) {
      quorum.startVoters();
      quorum.initialize();
      quorum.awaitAgreementAt(quorum.change());
      quorum.log(ONE).note();
      quorum.stop(ONE);
      Path ballot = raft(quorum).resolve("raft-meta");
      var before = Ballot.parse(Files.readAllBytes(ballot)).orElseThrow();
      Files.write(ballot, new byte[0]);

      quorum.start(ONE);

      quorum.awaitController();
      quorum.awaitAgreementAt(quorum.change());
      assertThat(Ballot.parse(Files.readAllBytes(ballot)).orElseThrow().term())
          .isGreaterThan(before.beyond().term());
    }
  }

  /** What it has applied it knows to have had, though it was killed a moment later. */
  @Test
  void refusesALogWithoutTheEntryThatCameLast() throws Exception {
    try (var quorum = new TestQuorum(directory.resolve("quorum"), EAGER, 1, 0)) {
      quorum.startVoters();
      quorum.initialize();
      Path place = quorum.seat(ONE).directory();
      Path shorter = directory.resolve("shorter");
      Path original = directory.resolve("as-it-was");
      quorum.log(ONE).whenApplied(quorum.change()).get();
      copyOfRunning(place, shorter);
      quorum.log(ONE).whenApplied(quorum.change()).get();
      copyOfRunning(place, original);
      quorum.stop(ONE);

      restore(original, place);
      restore(shorter.resolve("raft"), place.resolve("raft"));

      assertThatThrownBy(() -> quorum.start(ONE))
          .isInstanceOf(MetadataLogException.class)
          .hasMessageContaining("(log-reach), but it ends at entry");
    }
  }

  /** Ratis would look for it there, and tell the others as soon as it leads. */
  @Test
  void startsWithTheMembersThatItHad() throws Exception {
    try (var quorum = new TestQuorum(directory.resolve("quorum"), EAGER, 1, 0)) {
      Path original = directory.resolve("as-it-was");
      String expected = fill(quorum, original);
      restore(original, quorum.seat(ONE).directory());
      Path members = raft(quorum).resolve("raft-meta.conf");
      byte[] bytes = Files.readAllBytes(members);
      int address = new String(bytes, ISO_8859_1).indexOf("127.0.0.1");
      bytes[address] ^= 2; // 327.0.0.1
      Files.write(members, bytes);

      var log = quorum.start(ONE);

      quorum.awaitController();
      assertThat(log.quorum().voters())
          .extracting(QuorumMember::raft)
          .containsExactly(quorum.seat(ONE).advertised());
      assertThat(SnapshotCodec.stateHash(log.applied().image())).isEqualTo(expected);
    }
  }

  private static Path raft(TestQuorum quorum) {
    return MetadataDirectory.current(quorum.seat(ONE).directory(), TestQuorum.CLUSTER);
  }

  /** Snapshots, a closed and an open file of the log; and a copy of it all as a kill leaves it. */
  private static String fill(TestQuorum quorum, Path copy) throws Exception {
    quorum.startVoters();
    quorum.initialize();
    change(quorum, 50);
    quorum.stop(ONE);
    quorum.start(ONE);
    quorum.awaitController();
    long last = change(quorum, 10);
    quorum.awaitAgreementAt(last);
    var log = quorum.log(ONE);
    log.note();
    String hash = SnapshotCodec.stateHash(log.applied().image());
    copyOfRunning(quorum.seat(ONE).directory(), copy);
    quorum.stop(ONE);
    return hash;
  }

  private static long change(TestQuorum quorum, int times) {
    for (int i = 1; i < times; i++) {
      quorum.change();
    }
    return quorum.change();
  }

  private static boolean starts(TestQuorum quorum, String expected, String damage) {
    try {
      var log = quorum.start(ONE);
      quorum.awaitController();
      TestQuorum.SOON.untilAsserted(
          "it has what it had",
          () ->
              assertThat(SnapshotCodec.stateHash(log.applied().image()))
                  .as(damage)
                  .isEqualTo(expected));
      quorum.stop(ONE);
      return true;
    } catch (MetadataLogException refused) {
      assertThat(refused).as(damage).hasMessageContaining(quorum.seat(ONE).directory().toString());
      return false;
    }
  }

  // ---- damage

  private static String damage(Path place, RandomGenerator random) throws IOException {
    List<Path> files = files(place);
    Path file = files.get(random.nextInt(files.size()));
    var kind = Kind.values()[random.nextInt(Kind.values().length)];
    byte[] bytes = Files.readAllBytes(file);
    switch (kind) {
      case FLIPPED_BIT -> {
        if (bytes.length > 0) {
          bytes[random.nextInt(written(bytes))] ^= (byte) (1 << random.nextInt(8));
          Files.write(file, bytes);
        }
      }
      case ZEROED_PAGE -> {
        int from = bytes.length == 0 ? 0 : random.nextInt(written(bytes)) / PAGE * PAGE;
        Arrays.fill(bytes, from, Math.min(bytes.length, from + PAGE), (byte) 0);
        Files.write(file, bytes);
      }
      case CUT_SHORT -> Files.write(file, Arrays.copyOf(bytes, random.nextInt(written(bytes) + 1)));
      case MISSING -> Files.delete(file);
      case SWAPPED -> {
        Path other = files.get(random.nextInt(files.size()));
        byte[] others = Files.readAllBytes(other);
        Files.write(other, bytes);
        Files.write(file, others);
      }
    }
    return kind + " " + place.relativize(file);
  }

  /** What Ratis has taken for later is zeros, and no damage to it is any. */
  private static int written(byte[] bytes) {
    int end = bytes.length;
    while (end > 1 && bytes[end - 1] == 0) {
      end--;
    }
    return end;
  }

  private static List<Path> files(Path place) throws IOException {
    try (var all = Files.walk(place)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !file.endsWith("in_use.lock"))
          .sorted()
          .toList();
    }
  }

  /** Ratis may purge a file while it is being copied; then it is another moment that is copied. */
  static void copyOfRunning(Path from, Path to) throws IOException {
    for (int left = 10; ; left--) {
      try {
        restore(from, to);
        return;
      } catch (NoSuchFileException purged) {
        if (left == 0) {
          throw purged;
        }
      }
    }
  }

  private static void restore(Path from, Path to) throws IOException {
    if (Files.exists(to)) {
      try (var old = Files.walk(to)) {
        for (Path each : old.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
    try (var all = Files.walk(from)) {
      for (Path each : all.sorted().toList()) {
        Files.copy(each, to.resolve(from.relativize(each)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    Files.deleteIfExists(to.resolve("in_use.lock"));
  }
}
