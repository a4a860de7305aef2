package dev.naru.log.store;

import static dev.naru.log.producer.ProducerLedger.PRODUCERS_MAX;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.testing.Seeds;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** How many producers a log may know beside all others. */
class ProducerSharesTest {

  private final ProducerShares shares = new ProducerShares(1_000);

  @Test
  void whileThereIsRoomForAllEachHasItsOwnBoundOnly() {
    assertThat(shares.producersMax()).isEqualTo(PRODUCERS_MAX);

    shares.look(new int[] {400, 599, 0});

    assertThat(shares.producersMax()).isEqualTo(PRODUCERS_MAX);
    shares.look(new int[] {});
    assertThat(shares.producersMax()).isEqualTo(PRODUCERS_MAX);
  }

  @Test
  void aLogWithAFloodOfThemLeavesTheOthersTheirs() {
    shares.look(new int[] {900, 50, 50});
    assertThat(shares.producersMax()).isEqualTo(900);

    shares.look(new int[] {900, 100, 100});

    assertThat(shares.producersMax()).isEqualTo(800);
  }

  @Test
  void manyLogsHaveEqualShares() {
    shares.look(new int[] {300, 300, 300, 300});

    assertThat(shares.producersMax()).isEqualTo(250);
  }

  @Test
  void aFewAreLeftToEachHoweverManyLogsThereAre() {
    int[] known = new int[10_000];
    Arrays.fill(known, 1);

    shares.look(known);

    assertThat(shares.producersMax()).isEqualTo(10);
  }

  @Test
  void isAsManyAsFitIntoAShareOfTheHeap() {
    var ofHeap = ProducerShares.ofHeap(1L << 30);

    ofHeap.look(new int[] {50_000, 50_000, 50_000, 50_000, 50_000, 50_000, 50_000});

    assertThat(ofHeap.producersMax()).isEqualTo((1 << 30) / 8 / 400 / 7);
  }

  /** Whatever they know: those up to the level, and the others cut to it, are what there may be. */
  @Test
  void upToTheLevelThereAreNoMoreThanThereMayBe() {
    Seeds.forEach(
        200,
        (seed, random) -> {
          int[] known = random.ints(random.nextInt(1, 40), 0, 200).toArray();

          shares.look(known);

          int level = shares.producersMax();
          assertThat(Arrays.stream(known).map(each -> Math.min(each, level)).sum())
              .isLessThanOrEqualTo(1_000);
          if (Arrays.stream(known).sum() > 1_000) {
            assertThat(Arrays.stream(known).max().orElseThrow()).isGreaterThan(level);
          }
        });
  }
}
