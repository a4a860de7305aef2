package dev.naru.chaos.fault;

import dev.naru.chaos.host.Network.Effect;
import dev.naru.chaos.host.Network.Traffic;
import dev.naru.chaos.host.Place;
import dev.naru.chaos.host.Place.Link;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** All that may happen, by the names that a command line takes. */
@SuppressWarnings("ImmutableEnumChecker") // no fault remembers anything
public enum FaultKind {
  KILL_LEADER(new KillFault(Victims.LEADER)),
  KILL_FOLLOWER(new KillFault(Victims.FOLLOWER)),
  KILL_CONTROLLER(new KillFault(Victims.CONTROLLER)),
  /** Of the group. */
  KILL_COORDINATOR(new KillFault(Victims.COORDINATOR)),
  /** Two of three: neither records nor metadata can be written meanwhile. */
  KILL_MAJORITY(new KillFault(Victims.MAJORITY)),
  KILL_ALL(new KillFault(Victims.ALL)),
  CLEAN_STOP(new StopFault(Victims.LEADER)),
  ROLLING_RESTART(new StopFault(Victims.ALL)),
  PAUSE_BRIEF(PauseFault.brief()),
  PAUSE_LASTING(PauseFault.lasting()),
  FREEZE(PauseFault.frozen()),
  PAUSE_CONSUMER(new PauseMemberFault()),

  /** One node from all others and from the clients. */
  CUT_NODE(
      LinkFault.of(
          Effect.SILENCE,
          (stage, dice) -> Stage.between(place(stage.anybody(dice).id()), stage.everybody()))),
  /** A leader from the other nodes; clients go on asking it. */
  CUT_LEADER(
      LinkFault.of(
          Effect.SILENCE,
          (stage, dice) -> Stage.between(place(stage.leader(dice).id()), stage.nodes()))),
  CUT_CONTROLLER(
      LinkFault.of(
          Effect.SILENCE,
          (stage, _) -> Stage.between(place(stage.controller().id()), stage.nodes()))),
  CUT_PAIR(LinkFault.of(Effect.SILENCE, (stage, dice) -> pair(stage, dice))),
  /** What a node sends to the other nodes does not arrive. */
  CUT_OUTGOING(
      LinkFault.of(
          Effect.SILENCE,
          (stage, dice) -> Stage.from(place(stage.leader(dice).id()), stage.nodes()))),
  /** What the other nodes send to a node does not arrive. */
  CUT_INCOMING(
      LinkFault.of(
          Effect.SILENCE,
          (stage, dice) -> Stage.to(place(stage.leader(dice).id()), stage.nodes()))),
  CUT_CLIENTS(
      LinkFault.of(
          Effect.SILENCE,
          (stage, dice) -> Stage.between(Place.CLIENTS, Set.of(place(stage.leader(dice).id()))))),
  /** Voters hear nothing of each other; leaders and followers do. */
  QUORUM_LOST(new LinkFault(Effect.SILENCE, Traffic.RAFT, (stage, _) -> everyPair(stage))),
  FLAP(new FlapFault()),
  RESET(
      LinkFault.of(
          Effect.RESET,
          (stage, dice) -> Stage.between(place(stage.leader(dice).id()), stage.everybody()))),
  SLOW_LINK(
      LinkFault.of(
          Effect.SLOWNESS,
          (stage, dice) -> Stage.to(place(stage.anybody(dice).id()), stage.everybody()))),
  LOSSY_LINK(
      LinkFault.of(
          Effect.LOSS,
          (stage, dice) -> Stage.between(place(stage.anybody(dice).id()), stage.everybody()))),

  POWER_OF_ONE(new PowerFault(Victims.ANYBODY)),
  POWER_OF_ALL(new PowerFault(Victims.ALL)),
  FSYNC_FAILS(ForceFault.failing()),
  FSYNC_SLOW(ForceFault.slow()),
  DISK_FULL(new FullDiskFault()),
  ROT_STOPPED(RotFault.ofStopped()),
  ROT_RUNNING(RotFault.ofRunning()),
  CLOCK_JUMP(new ClockFault());

  private final Fault fault;

  FaultKind(Fault fault) {
    this.fault = fault;
  }

  /** What it does. */
  public Fault fault() {
    return fault;
  }

  /** Whether it is done to links alone, so that another one may happen meanwhile. */
  public boolean isOfLinks() {
    return fault instanceof LinkFault || fault instanceof FlapFault;
  }

  /** Whether something may befall other nodes meanwhile: damage is promised to heal alone. */
  public boolean mayBeJoined() {
    return !(fault instanceof RotFault || fault instanceof StopFault) && !isOfLinks();
  }

  /** Whether a node may give up by itself, or be left down. */
  public boolean mayEndNodes() {
    return fault instanceof ForceFault
        || fault instanceof FullDiskFault
        || fault instanceof RotFault;
  }

  /** As people write it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The kinds of a list with commas; {@code all} for all. */
  public static List<FaultKind> parse(String list) {
    if (list.equals("all")) {
      return List.of(values());
    }
    return Arrays.stream(list.split(",", -1))
        .map(name -> valueOf(name.strip().toUpperCase(Locale.ROOT).replace('-', '_')))
        .toList();
  }

  private static Place place(int node) {
    return Place.node(node);
  }

  private static Set<Link> pair(Stage stage, Random dice) {
    var one = stage.leader(dice);
    var others = stage.cluster().hosts().stream().filter(host -> host != one).toList();
    var other = others.get(dice.nextInt(others.size()));
    return Stage.between(place(one.id()), Set.of(place(other.id())));
  }

  private static Set<Link> everyPair(Stage stage) {
    var links = new TreeSet<Link>();
    stage.nodes().forEach(node -> links.addAll(Stage.from(node, stage.nodes())));
    return links;
  }
}
