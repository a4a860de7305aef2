package dev.naru.cli.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.cli.CommandFailure;
import dev.naru.client.Position;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlacesTest {

  private static final Instant NOW = Instant.parse("2026-11-01T00:15:00Z");

  @Test
  void readsWhereToBegin() {
    assertThat(ReadFrom.parse("beginning", NOW)).isEqualTo(new ReadFrom.Beginning());
    assertThat(ReadFrom.parse("end", NOW)).isEqualTo(new ReadFrom.End());
    assertThat(ReadFrom.parse("offset:42", NOW)).isEqualTo(new ReadFrom.Offset(42));
    assertThat(ReadFrom.parse("offset:-10", NOW)).isEqualTo(new ReadFrom.BeforeEnd(10));
    var time = new ReadFrom.Time(Instant.parse("2026-11-01T00:00:00Z"));
    assertThat(ReadFrom.parse("time:2026-11-01T00:00:00Z", NOW)).isEqualTo(time);
    assertThat(ReadFrom.parse("time:1793491200000", NOW)).isEqualTo(time);
    assertThat(ReadFrom.parse("time:-15m", NOW)).isEqualTo(time);
  }

  @Test
  void readsWhereToStop() {
    assertThat(ReadTo.parse("--to", "end", NOW)).isEqualTo(Position.end());
    assertThat(ReadTo.parse("--to", "offset:42", NOW)).isEqualTo(Position.offset(42));
    assertThat(ReadTo.parse("--to", "time:-15m", NOW))
        .isEqualTo(Position.time(Instant.parse("2026-11-01T00:00:00Z")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "start", "offset:", "offset:x", "offset:--1", "time:", "time:now", "time:-x"})
  void refusesOtherPlaces(String text) {
    assertThatThrownBy(() -> ReadFrom.parse(text, NOW)).isInstanceOf(CommandFailure.class);
    assertThatThrownBy(() -> ReadTo.parse("--to", text, NOW)).isInstanceOf(CommandFailure.class);
  }
}
