package dev.naru.chaos.fault;

import dev.naru.chaos.host.Wait;
import dev.naru.chaos.load.GroupReading;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;

/**
 * A member of a group stops where it is until the others have its partitions, and goes on as if
 * they were its own. Proof: the state that the system names, and what the others have.
 */
final class PauseMemberFault implements Fault {

  private static final Duration SHORTEST = Duration.ofMillis(100);

  /** For a group that has to find another coordinator meanwhile, too. */
  private static final Duration MORE = Duration.ofSeconds(60);

  @Override
  public Optional<String> whyNot(Stage stage) {
    return Optional.empty();
  }

  @Override
  public Outcome inflict(Stage stage, Random dice) throws IOException {
    GroupReading group = stage.group().orElseThrow();
    group.pauseOutside();
    boolean isAlone = Wait.comes(group.session().plus(MORE), group::areOthersAlone);
    Wait.hold(Wait.between(dice, SHORTEST, group.session()));
    char state = group.stateOutside();
    group.resumeOutside();
    return Outcome.of(
        "a member of group " + group.group(),
        state == 'T' && isAlone,
        "state " + state + " until the others had its partitions");
  }
}
