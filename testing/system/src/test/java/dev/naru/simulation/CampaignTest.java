package dev.naru.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.simulation.planted.Planted;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CampaignTest {

  private static final String BUG = "ANSWERS_FOR_ALL_AS_FOR_THE_LEADER";

  private static final String BUG_OF_GROUPS = "GRANTS_WHAT_ANOTHER_HOLDS";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @ParameterizedTest
  @EnumSource
  void knowsItsWorldAgain(Planted.World world) {
    for (long seed = 1; seed <= 100; seed++) {
      assertThat(Scenario.of(seed, world).world()).isEqualTo(world);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatAFailureSaysPlaysItAgain(Planted.World world) throws Exception {
    var asked =
        Map.of(
            "world",
            world.name().toLowerCase(Locale.ROOT),
            "planted",
            world == Planted.World.GROUPS ? BUG_OF_GROUPS : BUG,
            "threads",
            "1");
    var failed = Campaign.run(CampaignPlan.of(asked::get, 50), printer());
    var said = out.toString(StandardCharsets.UTF_8);

    var command = new HashMap<String, String>();
    Pattern.compile("-D(\\w+)=(\\w+)")
        .matcher(said.substring(said.indexOf("Replay: ")).lines().findFirst().orElseThrow())
        .results()
        .forEach(option -> command.put(option.group(1), option.group(2)));
    var replayed = Campaign.run(CampaignPlan.of(command::get, 50), printer());

    assertThat(command).containsEntry("world", world.name().toLowerCase(Locale.ROOT));
    assertThat(whatFailed(replayed)).isEqualTo(whatFailed(failed)).hasSize(1);
  }

  private static List<String> whatFailed(CampaignReport report) {
    return report.failures().stream()
        .map(failure -> failure.run() + " " + failure.what().getCause())
        .toList();
  }

  @Test
  void runsDoNotDisturbEachOther() throws Exception {
    var asked = new HashMap<>(Map.of("world", "plain,retaining", "threads", "1"));
    var one = Campaign.run(CampaignPlan.of(asked::get, 4), printer());
    asked.put("threads", "4");
    var four = Campaign.run(CampaignPlan.of(asked::get, 4), printer());

    assertThat(one.failures()).isEmpty();
    assertThat(four.failures()).isEmpty();
    assertThat(four.traces()).isEqualTo(one.traces());
  }

  @Test
  void endsWithTheFirstFailureUnlessItIsToldToGoOn() throws Exception {
    var asked = Map.of("world", "plain", "planted", BUG, "threads", "1");
    var goingOn = new HashMap<>(asked);
    goingOn.put("keepGoing", "");

    assertThat(Campaign.run(CampaignPlan.of(asked::get, 10), printer()).failures()).hasSize(1);
    assertThat(Campaign.run(CampaignPlan.of(goingOn::get, 10), printer()).failures())
        .hasSizeGreaterThan(1);
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("| plain | 10 |");
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThatThrownBy(() -> CampaignPlan.of(Map.of("world", "flat")::get, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CampaignPlan.of(Map.of("planted", "TREES")::get, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CampaignPlan.of(Map.of("seeds", "0")::get, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private PrintStream printer() {
    return new PrintStream(out, true, StandardCharsets.UTF_8);
  }
}
