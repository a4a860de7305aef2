package dev.naru.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AlarmTest {

  private static final String SKEW = "naru_partition_skew_ratio";

  private final List<String> pages = new ArrayList<>();

  @Test
  void saysWhenARuleWouldHaveFired() {
    assumeTrue(Alarm.canTell(), "NOT CHECKED: there is no promtool");
    try (var alarm = new Alarm(SKEW, () -> pages)) {
      look(alarm, 4, "naru_up 1");
      look(alarm, 6, SKEW + "{node=\"2\",topic=\"skewed\"} 6.6");

      assertThat(alarm.firedAfter("NaruPartitionSkew")).contains(Duration.ofSeconds(35));
    }
  }

  @Test
  void saysThatNoneFired() {
    assumeTrue(Alarm.canTell(), "NOT CHECKED: there is no promtool");
    try (var alarm = new Alarm(SKEW, () -> pages)) {
      look(alarm, 10, SKEW + "{node=\"2\",topic=\"even\"} 1.1");

      assertThat(alarm.firedAfter("NaruPartitionSkew")).isEmpty();
    }
  }

  private void look(Alarm alarm, int times, String page) {
    pages.clear();
    pages.add("# HELP\n" + page + "\n");
    for (int i = 0; i < times; i++) {
      alarm.look();
    }
  }
}
