package dev.naru.client.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.Codec;
import dev.naru.client.ConsumerConfig;
import dev.naru.client.TopicPartition;
import dev.naru.client.core.Processed.Place;
import dev.naru.client.fake.Batches;
import dev.naru.record.BatchSieve;
import dev.naru.types.LeaderEpoch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReadingsTest {

  private final Readings readings = new Readings(ConsumerConfig.DEFAULTS);

  /** Else its group would never be known to have come to the end, and lag behind it for ever. */
  @Test
  void whatHoldsNoRecordsIsHandedOutToo() {
    var reading = readings.begin(new TopicPartition("orders", 0), Optional.empty());
    reading.settle(2);
    var batch = Batches.at(100, "a", "b", "c");
    batch.stamp(2, new LeaderEpoch(4));
    reading.fetched(BatchSieve.emptied(batch.header()));

    assertThat(handedOut()).containsExactly(new Place(5, Optional.of(new LeaderEpoch(4))));
    assertThat(handedOut()).as("once").isEmpty();
  }

  private List<Place> handedOut() {
    var places = new ArrayList<Place>();
    var records =
        readings.drain(
            RecordDecoder.of(Codec.utf8(), Codec.utf8()),
            each -> places.add(new Place(each.position().orElseThrow(), each.lastEpoch())));
    assertThat(records).isEmpty();
    return places;
  }
}
