package dev.naru.broker.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.image.TimestampBounds;
import dev.naru.record.BatchHeader;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimestampCheckTest {

  private static final long NOW = 1_000_000;

  @ParameterizedTest
  @CsvSource({
    // first, latest, before, after, allowed
    "1000000, 1000000, 0, 0, true",
    "999900, 1000050, 100, 50, true",
    "999899, 1000000, 100, 50, false",
    "1000000, 1000051, 100, 50, false",
    "0, 1000000, 9223372036854775807, 0, true",
    "0, 9223372036854775807, 9223372036854775807, 9223372036854775807, true",
    "0, 9223372036854775807, 9223372036854775807, 3600000, false",
    "-2, 1000000, 100, 50, false",
  })
  void refusesTimesThatAreTooFarAway(
      long first, long latest, long before, long after, boolean isAllowed) {
    var refused =
        TimestampCheck.whyNot(header(first, latest), new TimestampBounds(before, after), NOW);

    assertThat(refused.isEmpty()).isEqualTo(isAllowed);
    refused.ifPresent(why -> assertThat(why.code()).isEqualTo(ErrorCode.INVALID_RECORD));
  }

  @Test
  void takesRecordsWithoutATime() {
    assertThat(TimestampCheck.whyNot(header(-1, -1), new TimestampBounds(0, 0), NOW)).isEmpty();
  }

  @Test
  void saysWhichSettingItWas() {
    Optional<Refused> why =
        TimestampCheck.whyNot(header(NOW, NOW + 11), new TimestampBounds(0, 10), NOW);

    assertThat(why.orElseThrow().reason())
        .isEqualTo(
            "Expected records at most message.timestamp.after.max.ms = 10 after 1000000,"
                + " but one is of 1000011");
  }

  /** As of a producer that writes what it likes. */
  private static BatchHeader header(long first, long latest) {
    return new BatchHeader(
        0, 100, 0, (byte) 2, 0, (short) 0, 1, first, latest, -1, (short) -1, -1, 2);
  }
}
