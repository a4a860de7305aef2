package dev.naru.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.types.CleanupPolicy;
import dev.naru.types.CompactionLimits;
import org.junit.jupiter.api.Test;

class LogConfigTest {

  private static final LogConfig CONFIG = LogConfig.DEFAULTS.withSegmentMillis(10_000);

  @Test
  void whatIsToBeCompactedSoonDoesNotStayInTheOpenSegmentForLonger() {
    var limits = new CompactionLimits(0.5, 0, 3_000, 1);

    assertThat(CONFIG.withCleanup(CleanupPolicy.COMPACT, limits).activeMillisMax())
        .isEqualTo(3_000);
    assertThat(CONFIG.withCleanup(CleanupPolicy.DELETE, limits).activeMillisMax())
        .isEqualTo(10_000);
    assertThat(
            CONFIG.withCleanup(CleanupPolicy.COMPACT, CompactionLimits.DEFAULTS).activeMillisMax())
        .isEqualTo(10_000);
  }
}
