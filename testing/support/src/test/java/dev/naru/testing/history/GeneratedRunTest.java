package dev.naru.testing.history;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.testing.Seeds;
import dev.naru.testing.history.Operation.Polled;
import dev.naru.testing.history.Operation.Positioned;
import dev.naru.testing.history.Operation.SendOk;
import dev.naru.testing.history.Verdict.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run without a fault is clean; with one record spoiled, anywhere, it never is. */
class GeneratedRunTest {

  private static final int SEEDS = 8;

  @TempDir Path directory;

  /** Spoils something of a run. */
  private interface Spoiling {
    void spoil(GeneratedRun run, RandomGenerator random);
  }

  @Test
  void isCleanAsItIs() {
    Seeds.forEach(
        SEEDS,
        (seed, random) -> {
          var verdict = new GeneratedRun(random).judge(fresh("clean", seed));

          assertThat(verdict.outcome()).as(verdict.report()).isEqualTo(Outcome.CLEAN);
          assertThat(verdict.figures().get("duplicates")).isPositive();
        });
  }

  // ---- what the reader of the end is given

  @Test
  void isConvictedOfARecordThatIsDroppedAtTheEnd() {
    isConvicted("last-drop", (run, random) -> drop(run.lastReads(), random));
  }

  @Test
  void isConvictedOfARecordThatIsGivenTwiceAtTheEnd() {
    isConvicted("last-double", (run, random) -> repeat(run.lastReads(), random));
  }

  @Test
  void isConvictedOfRecordsThatChangePlacesAtTheEnd() {
    isConvicted("last-swap", (run, random) -> swap(run.lastReads(), random));
  }

  @Test
  void isConvictedOfARecordThatIsAlteredAtTheEnd() {
    isConvicted("last-alter", (run, random) -> alter(run.lastReads(), random));
  }

  // ---- what some reader is given

  @Test
  void isConvictedOfARecordThatAReaderIsNotGiven() {
    isConvicted("drop", (run, random) -> drop(reader(run, random), random));
  }

  @Test
  void isConvictedOfARecordThatAReaderIsGivenTwice() {
    isConvicted("double", (run, random) -> repeat(reader(run, random), random));
  }

  @Test
  void isConvictedOfRecordsThatAReaderIsGivenInEachOthersPlaces() {
    isConvicted("swap", (run, random) -> swap(reader(run, random), random));
  }

  @Test
  void isConvictedOfARecordThatAReaderIsGivenAltered() {
    isConvicted("alter", (run, random) -> alter(reader(run, random), random));
  }

  @Test
  void isConvictedOfAnAcknowledgementThatNamesAnotherPlace() {
    isConvicted(
        "ack",
        (run, random) -> {
          var sends = run.client("p" + random.nextInt(1, 4)); // with acks of all
          int at = any(sends, random, SendOk.class);
          var ok = (SendOk) sends.get(at);
          long elsewhere = ok.offset().orElseThrow() + random.nextInt(1, 3);
          sends.set(
              at, new SendOk(ok.atNanos(), ok.value(), ok.partition(), OptionalLong.of(elsewhere)));
        });
  }

  // ---- what nodes store

  @Test
  void isConvictedOfARecordThatOneNodeLacks() {
    isConvicted(
        "store-drop",
        (run, random) -> {
          var stored = stored(run, random);
          stored.remove(random.nextLong(stored.firstKey(), stored.lastKey() + 1));
        });
  }

  @Test
  void isConvictedOfARecordThatOneNodeStoresInThePlaceOfAnother() {
    isConvicted(
        "store-double",
        (run, random) -> {
          var stored = stored(run, random);
          long at = random.nextLong(stored.firstKey(), stored.lastKey());
          while (Objects.equals(stored.get(at), stored.get(at + 1))) {
            at = random.nextLong(stored.firstKey(), stored.lastKey());
          }
          stored.put(at, requireNonNull(stored.get(at + 1)));
        });
  }

  @Test
  void isConvictedOfABitThatFlipsOnOneNode() {
    Seeds.forEach(
        SEEDS,
        (seed, random) -> {
          var run = new GeneratedRun(random);

          var verdict = run.judge(fresh("flip", seed), files -> flip(files, random));

          assertThat(verdict.outcome()).as(verdict.report()).isEqualTo(Outcome.ANOMALIES);
        });
  }

  private static void flip(List<Path> files, RandomGenerator random) {
    var path = files.get(random.nextInt(files.size()));
    try {
      byte[] bytes = Files.readAllBytes(path);
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(path, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void isConvicted(String name, Spoiling spoiling) {
    Seeds.forEach(
        SEEDS,
        (seed, random) -> {
          var run = new GeneratedRun(random);
          spoiling.spoil(run, random);

          var verdict = run.judge(fresh(name, seed));

          assertThat(verdict.outcome()).as(verdict.report()).isEqualTo(Outcome.ANOMALIES);
        });
  }

  private Path fresh(String name, long seed) throws IOException {
    return Files.createDirectories(directory.resolve(name + "-" + seed));
  }

  private static List<Operation> reader(GeneratedRun run, RandomGenerator random) {
    return run.client("r" + random.nextInt(1, 4));
  }

  private static NavigableMap<Long, Value> stored(GeneratedRun run, RandomGenerator random) {
    return run.stored(random.nextInt(1, 4), random.nextBoolean() ? Tale.P : Tale.Q);
  }

  /** One that the reader was not set away from: who is, need not have been given it. */
  private static void drop(List<Operation> reads, RandomGenerator random) {
    int at = any(reads, random, Polled.class);
    while (isFollowedByASeek(reads, at)) {
      at = any(reads, random, Polled.class);
    }
    reads.remove(at);
  }

  private static boolean isFollowedByASeek(List<Operation> reads, int at) {
    var partition = ((Polled) reads.get(at)).partition();
    return reads.subList(at + 1, reads.size()).stream()
        .filter(next ->
            (next instanceof Polled polled && polled.partition().equals(partition))
                || (next instanceof Positioned set && set.partition().equals(partition)))
        .findFirst()
        .filter(Positioned.class::isInstance)
        .isPresent();
  }

  private static void repeat(List<Operation> reads, RandomGenerator random) {
    int at = any(reads, random, Polled.class);
    reads.add(at, reads.get(at));
  }

  private static void swap(List<Operation> reads, RandomGenerator random) {
    int at = any(reads, random, Polled.class);
    int other = any(reads, random, Polled.class);
    while (((Polled) reads.get(at)).value().equals(((Polled) reads.get(other)).value())) {
      other = any(reads, random, Polled.class);
    }
    var one = (Polled) reads.get(at);
    var two = (Polled) reads.get(other);
    reads.set(at, with(one, two.value()));
    reads.set(other, with(two, one.value()));
  }

  private static void alter(List<Operation> reads, RandomGenerator random) {
    int at = any(reads, random, Polled.class);
    reads.set(at, with((Polled) reads.get(at), Optional.empty()));
  }

  private static Polled with(Polled polled, Optional<Value> value) {
    return new Polled(
        polled.atNanos(), polled.partition(), polled.offset(), polled.leaderEpoch(), value);
  }

  private static int any(
      List<Operation> operations, RandomGenerator random, Class<? extends Operation> kind) {
    int[] places =
        IntStream.range(0, operations.size())
            .filter(at -> kind.isInstance(operations.get(at)))
            .toArray();
    return places[random.nextInt(places.length)];
  }
}
