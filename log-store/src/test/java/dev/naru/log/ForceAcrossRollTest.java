package dev.naru.log;

import static dev.naru.log.LogFixture.append;
import static dev.naru.log.LogFixture.force;
import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.disk.PowerLoss;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Found by the simulation: a log was damaged after a power cut, below what it had called durable.
 */
class ForceAcrossRollTest {

  @Test
  void forcesWhatWasAppendedBetweenATicketAndItsReturnAlsoWhenTheSegmentWasSealedMeanwhile() {
    var disk = LogFixture.formatted();
    var store = LogFixture.open(disk);
    var log = store.create(partition(0), LogFixture.SMALL);
    append(log, 3, 1);
    var early = log.prepareForce();
    early.perform();
    while (!append(log, 3, 1).hasRolled()) {}

    log.forced(early); // must not take the sealed segment for forced
    force(store, log);

    var survivor = disk.afterPowerLoss(PowerLoss.ALL, new SplittableRandom(1));
    var recovered = LogFixture.open(survivor);
    assertThat(recovered.damaged()).isEmpty();
    assertThat(recovered.log(partition(0)).orElseThrow().end()).isEqualTo(log.durableEnd());
  }
}
