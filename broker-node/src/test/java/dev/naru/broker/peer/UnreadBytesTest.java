package dev.naru.broker.peer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnreadBytesTest {

  private final UnreadBytes unread = new UnreadBytes(100);

  @Test
  void hasRoomUntilTooMuchHasCome() {
    unread.came(99);
    assertThat(unread.hasRoom()).isTrue();

    unread.came(1);
    assertThat(unread.hasRoom()).isFalse();
  }

  @Test
  void tellsOfRoomOnlyWhoHasLookedInVain() {
    unread.came(150);

    assertThat(unread.dealtWith(51)).as("nobody has looked").isFalse();
    unread.came(51);
    assertThat(unread.hasRoom()).isFalse();
    assertThat(unread.dealtWith(50)).as("still no room").isFalse();
    assertThat(unread.dealtWith(1)).isTrue();
    assertThat(unread.dealtWith(1)).as("has been told").isFalse();
  }
}
