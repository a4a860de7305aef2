package dev.naru.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.NaruException;
import dev.naru.client.admin.EventDescription;
import dev.naru.client.admin.EventDescription.Level;
import dev.naru.client.admin.EventListing;
import dev.naru.types.ErrorCode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** People are warned of what may be missing, and only of that. */
class EventGapTest {

  private static final String FLOOR = "events/90.2";
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  @Test
  void fewerThanWereWantedMayBeAGap() {
    var listing = listing(Optional.of(FLOOR), NOON);

    assertThat(EventGap.in(listing, 2, Optional.empty(), EventGapTest::unasked)).contains(FLOOR);
    assertThat(EventGap.in(listing, 1, Optional.empty(), EventGapTest::unasked)).isEmpty();
    assertThat(
            EventGap.in(
                listing(Optional.empty(), NOON), 2, Optional.empty(), EventGapTest::unasked))
        .isEmpty();
  }

  @Test
  void whatIsKnownMayBeginBeforeTheTimeThatWasAskedFor() {
    var listing = listing(Optional.of(FLOOR), NOON);
    var since = Optional.of(NOON.minusSeconds(60));

    assertThat(EventGap.in(listing, 9, since, floor -> listing(Optional.of(floor), NOON)))
        .contains(FLOOR);
    assertThat(
            EventGap.in(
                listing, 9, since, floor -> listing(Optional.of(floor), NOON.minusSeconds(61))))
        .isEmpty();
  }

  @Test
  void anotherNodeMayKnowLess() {
    var forgotten = new NaruException(ErrorCode.OFFSET_OUT_OF_RANGE, "Expected a later event");

    assertThat(
            EventGap.in(
                listing(Optional.of(FLOOR), NOON),
                9,
                Optional.of(NOON),
                floor -> {
                  throw new CompletionException(forgotten);
                }))
        .contains(FLOOR);
  }

  private static EventListing unasked(String floor) {
    throw new AssertionError("Expected not to be asked for more than " + floor);
  }

  private static EventListing listing(Optional<String> knownAfter, Instant time) {
    var event =
        new EventDescription(
            "events/91.0",
            91,
            0,
            time,
            "LEADER_LOST",
            Level.ERROR,
            "topics/orders/partitions/0",
            "",
            "NODE_FENCED",
            "",
            Optional.empty(),
            new TreeMap<>());
    return new EventListing(List.of(event), "events/91.0", knownAfter);
  }
}
