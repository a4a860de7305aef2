package dev.naru.client.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.admin.EventDescription.Level;
import dev.naru.proto.admin.v1.Event;
import org.junit.jupiter.api.Test;

/** Events of a later release are still read. */
class EventLevelTest {

  @Test
  void oneThatIsNotKnownIsNoFailure() {
    assertThat(Events.level(Event.Level.UNRECOGNIZED)).isEqualTo(Level.INFO);
    assertThat(Events.level(Event.Level.LEVEL_UNSPECIFIED)).isEqualTo(Level.INFO);
    assertThat(Events.level(Event.Level.LEVEL_ERROR)).isEqualTo(Level.ERROR);
  }
}
