package dev.naru.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.testing.Seeds;
import java.util.List;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nothing acknowledged is lost, whatever breaks. */
class SimulationTest {

  /** What a set of runs must have met, or it has proved nothing. */
  private static final List<String> PROOFS =
      List.of(
          "STOP",
          "KILL",
          "POWER_LOSS",
          "POWER_LOSS_OF_ALL",
          "PAUSE",
          "CUT",
          "ONE_WAY_CUT",
          "ISOLATION",
          "CLIENT_CUT",
          "RESET",
          "CONTROLLER_LOSS",
          "KILL_AT_A_STEP",
          "POWER_LOSS_AT_A_STEP",
          "SLOW_DISK",
          "BecameLeader",
          "LogTruncated",
          "IsrShrinkProposed",
          "IsrExpandProposed");

  @Test
  @Tag("S50")
  void nothingAcknowledgedIsLostWhateverBreaks() {
    var tally = run(150, Simulation::run);
    tally.add(Simulation.run(22749).tally()); // two logs end at one offset, in different epochs
    tally.add(Simulation.run(52084).tally()); // an earlier leader forces before it is accepted
    tally.add(Simulation.run(101628).tally()); // a leader that was left, whom nobody ever followed

    assertMet(tally, PROOFS);
  }

  /**
   * One disk forgets bits besides: no other replica takes them over, nobody reads them, and all are
   * whole in the end.
   */
  @Test
  void damageIsNeverServedNeverSpreadAndHealed() {
    var tally = run(40, seed -> Simulation.run(Scenario.of(seed).rotten(), Rules.PRODUCT));

    assertMet(tally, List.of("ROT", "CorruptionFound", "repaired", "KILL", "POWER_LOSS"));
  }

  /** Old records go besides, and clocks jump: no more goes than may, nothing comes back. */
  @Test
  void onlyWhatIsTooOldOrTooMuchGoesWhateverClocksShow() {
    var tally = run(25, SimulationTest::retaining);
    tally.add(
        retaining(6991).tally()); // a replica starts over, slowly, where the leader's log begins

    assertMet(
        tally,
        List.of(
            "CLOCK_JUMP",
            "starts raised, AGE",
            "starts raised, SIZE",
            "starts raised, REQUEST",
            "segments deleted, AGE",
            "segments deleted, SIZE",
            "segments deleted, REQUEST",
            "segments deleted, LEADER",
            "readers overtaken"));
  }

  /**
   * Logs are compacted while they are cut and fetched anew and nodes die in the midst of it: on all
   * replicas that count there is the newest record of every key, and no deleted key comes back.
   */
  @Test
  void compactedReplicasHoldAFoldOfWhatWasCommitted() {
    var tally = run(25, SimulationTest::compacting);
    tally.add(compacting(34).tally()); // a replica starts over, lest a deleted key comes back

    assertMet(
        tally,
        List.of(
            "cleaner passes",
            "segments compacted",
            "segments not wanted",
            "deletions gone",
            "began anew for deletions",
            "segments deleted, AGE",
            "KILL_AT_A_STEP",
            "POWER_LOSS_AT_A_STEP"));
  }

  /**
   * The replicas of one node are cut off, while it leads several partitions and reaches the
   * controller: it does not cut off the others in turn, and where one of them could, it leads no
   * more.
   */
  @Test
  @Tag("S52")
  void whoeverIsCutOffDoesNotCutOffTheOthers() {
    var tally = run(8, SimulationTest::stormy);
    tally.add(stormy(5583).tally()); // who is cut off is handed more to lead meanwhile

    assertMet(
        tally,
        List.of(
            "REPLICATION_CUT",
            "blames itself",
            "judges itself once more",
            "suspected",
            "KILL",
            "CUT"));
  }

  /**
   * More breaks than any safe replica survives, and what is left leads: nothing is lost that was
   * not declared before it went, nothing beyond what is called exact, and all others is there. Some
   * of it begins above the end of what leads, or is damaged besides.
   */
  @Test
  @Tag("S54")
  @Tag("S55")
  void whatARecoveryGivesUpIsDeclaredBeforeItGoes() {
    var tally = run(40, SimulationTest::losing);
    tally.add(losing(74).tally()); // in which a loss is made exact, which is rare
    tally.add(losing(6326).tally()); // a log begins inside a batch that is lost

    assertMet(
        tally,
        List.of(
            "POWER_LOSS_OF_ALL",
            "recovered, MODE",
            "recovered, OPERATOR",
            "committed batches lost",
            "losses announced",
            "losses extended",
            "losses made exact",
            "readers told of a loss",
            "deleted on request",
            "began anew below its start",
            "ROT"));
  }

  /**
   * Replicas move to other nodes and back while everything breaks: nothing is lost by it, each move
   * ends, and what was acknowledged by so many is on so many afterwards.
   */
  @Test
  void nothingIsLostByMoves() {
    var tally = run(20, SimulationTest::moving);
    tally.add(moving(9080).tally()); // one who goes is killed under flush=os, and had it all

    assertMet(
        tally,
        List.of(
            "ReassignPartitions",
            "CancelOperation",
            "DrainNode",
            "UndrainNode",
            "moves done",
            "moves undone",
            "logs put away",
            "KILL",
            "CUT",
            "CONTROLLER_LOSS",
            "BecameLeader",
            "IsrExpandProposed"));
  }

  /**
   * Members of groups come, go, die and stand still, and so do the nodes that coordinate them: no
   * two read the same partition, no offset that somebody was told to be kept is lost, nothing is
   * skipped, and in the end each group is at rest.
   */
  @Test
  @Tag("S81")
  void noPartitionHasTwoOwnersAndNoOffsetIsLost() {
    var tally = run(30, SimulationTest::grouped);

    assertMet(
        tally,
        List.of(
            "KILL",
            "POWER_LOSS_OF_ALL",
            "CLIENT_CUT",
            "coordinators loaded with groups",
            "coordinators left alone",
            "members killed",
            "members overstayed",
            "members paused",
            "members sent away",
            "members given more partitions",
            "member gone, session_timeout",
            "member gone, revocation_timeout",
            "partitions given back",
            "rebalanced, topics_changed",
            "rebalanced, subscription",
            "commits kept",
            "streams of members ended, FENCED_MEMBER",
            "offsets told",
            "groups shown",
            "segments compacted"));
  }

  /** One seed, or as many as somebody asked for, need not have met everything. */
  private static void assertMet(Tally tally, List<String> what) {
    if (System.getProperty("seed") == null && System.getProperty("seeds") == null) {
      assertThat(what).filteredOn(each -> tally.of(each) == 0).as("what never happened").isEmpty();
    }
  }

  /**
   * As many as somebody asks for, in the worlds that he names: {@code -Dseeds}, {@code -Dworld},
   * {@code -Dthreads}, {@code -DkeepGoing}; {@code -Dseed} plays one again.
   */
  @Test
  @Tag("simulate")
  void nothingGoesWrongInAnyNumberOfWorlds() throws InterruptedException {
    var report = Campaign.run(CampaignPlan.of(System::getProperty, 2_000), System.out);

    assertThat(report.failures()).as("what failed").isEmpty();
  }

  private static Simulation.Result grouped(long seed) {
    return Simulation.run(Scenario.of(seed).grouped(), Rules.PRODUCT);
  }

  private static Simulation.Result moving(long seed) {
    return Simulation.run(Scenario.of(seed).moving(), Rules.PRODUCT);
  }

  private static Simulation.Result losing(long seed) {
    return Simulation.run(Scenario.of(seed).losing(), Rules.PRODUCT);
  }

  private static Simulation.Result stormy(long seed) {
    return Simulation.run(Scenario.of(seed).stormy(), Rules.PRODUCT);
  }

  private static Simulation.Result compacting(long seed) {
    return Simulation.run(Scenario.of(seed).compacting(), Rules.PRODUCT);
  }

  private static Simulation.Result retaining(long seed) {
    return Simulation.run(Scenario.of(seed).retaining(), Rules.PRODUCT);
  }

  /**
   * Returns what those seeds met that are the same in every build: of the fresh one, which may meet
   * anything or nothing, no more is expected than that all goes well.
   */
  private static Tally run(int count, LongFunction<Simulation.Result> simulation) {
    var tally = new Tally();
    var met = new Tally();
    long start = System.nanoTime();
    Seeds.forEach(
        count,
        (seed, _) -> {
          var result = simulation.apply(seed);
          tally.add(result.tally());
          if (seed < count) { // as Seeds numbers them
            met.add(result.tally());
          }
          tally.count("runs");
          tally.count("events", result.events());
          tally.count("batches acknowledged", result.acknowledged());
        });
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        "%s%n%.0f events per second, %.1f seeds per second%n",
        tally, tally.of("events") / seconds, tally.of("runs") / seconds);
    return met;
  }
}
