package dev.naru.bench.versus.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArrivalsTest {

  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  @TempDir private Path folder;
  private StampedValues values;

  @BeforeEach
  void write() throws IOException {
    values = StampedValues.of(Files.writeString(folder.resolve("values"), "x".repeat(32) + "\n"));
  }

  @Test
  void countsWhatComesAfterTheWarmUpFromWhenItWasDue() {
    var arrivals = new Arrivals(1, 100);

    arrivals.take(values.value(0, 0), 5_000 * MILLI); // slow, and does not count
    for (int number = 1; number <= 100; number++) {
      arrivals.take(values.value(101 - number, 0), number * MILLI);
    }

    assertThat(arrivals.areComplete()).isTrue();
    assertThat(arrivals.summary())
        .isEqualTo(
            "{\"records\":100,\"seconds\":0.099000,\"latencyMs\":{\"mean\":50.500,\"p50\":50.000,"
                + "\"p99\":99.000,\"p999\":100.000,\"max\":100.000}}");
  }

  @Test
  void isCompleteWhenAllHaveCome() {
    var arrivals = new Arrivals(1, 1);

    arrivals.take(values.value(1, 0), 1);
    assertThat(arrivals.areComplete()).isFalse();
    arrivals.take(values.value(0, 0), 2);

    assertThat(arrivals.areComplete()).isTrue();
  }

  @Test
  void refusesWhatComesTwiceOrWasNotSent() {
    var arrivals = new Arrivals(1, 1);
    arrivals.take(values.value(1, 0), 1);

    assertThatThrownBy(() -> arrivals.take(values.value(1, 0), 2))
        .hasMessage("Expected each record once, but number 1 came twice");
    assertThatThrownBy(() -> arrivals.take(values.value(2, 0), 2))
        .hasMessage("Expected records 0 to 1, but number 2 came");
  }

  @Test
  void isLateByWhatItsSenderWasLate() {
    var dues = new ArrayList<Long>();
    var numbers = new ArrayList<Long>();

    Pacing.run(
        1_000_000,
        3,
        (number, dueNanos) -> {
          numbers.add(number);
          dues.add(dueNanos);
        });

    assertThat(numbers).containsExactly(0L, 1L, 2L);
    assertThat(dues.get(2) - dues.get(0)).isEqualTo(2_000);
  }
}
