package dev.naru.client.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.client.core.Reading;
import dev.naru.types.LeaderEpoch;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StrandedPlacesTest {

  private static final long PATIENCE = StrandedPlaces.PATIENCE_NANOS;

  private final StrandedPlaces places = new StrandedPlaces();
  private final Reading reading =
      new Reading(new TopicPartition("orders", 3), Position.beginning());

  @Test
  void saysOnceThatNoLeaderHasTheEpochOfAPlace() {
    reading.resume(Optional.empty(), 500, epoch(37));

    assertThat(places.refused(reading, new LeaderEpoch(0), -5)).isEmpty();
    assertThat(places.refused(reading, new LeaderEpoch(0), PATIENCE - 6)).isEmpty();
    assertThat(places.refused(reading, new LeaderEpoch(1), PATIENCE - 5))
        .hasValueSatisfying(warning ->
            assertThat(warning)
                .contains("of epoch 37 or later, as place 500 says, but the newest has epoch 1:"));
    assertThat(places.refused(reading, new LeaderEpoch(1), 9 * PATIENCE)).isEmpty();
  }

  @Test
  void waitsForALeaderThatIsOnlyBehind() {
    reading.resume(Optional.empty(), 500, epoch(2));
    var _ = places.refused(reading, new LeaderEpoch(1), 0);

    places.served(reading);

    assertThat(places.refused(reading, new LeaderEpoch(1), PATIENCE)).isEmpty();
    assertThat(places.refused(reading, new LeaderEpoch(2), 9 * PATIENCE))
        .as("the view knows of that leader")
        .isEmpty();
  }

  @Test
  void beginsAnewWithAnotherPlace() {
    reading.resume(Optional.empty(), 500, epoch(37));
    var _ = places.refused(reading, new LeaderEpoch(0), 0);
    reading.resume(Optional.empty(), 600, epoch(38));

    assertThat(places.refused(reading, new LeaderEpoch(0), PATIENCE)).isEmpty();
    assertThat(places.refused(reading, new LeaderEpoch(0), 2 * PATIENCE)).isPresent();
    reading.resume(Optional.empty(), 600, Optional.empty());
    assertThat(places.refused(reading, new LeaderEpoch(0), 9 * PATIENCE)).isEmpty();
  }

  private static Optional<LeaderEpoch> epoch(int value) {
    return Optional.of(new LeaderEpoch(value));
  }
}
