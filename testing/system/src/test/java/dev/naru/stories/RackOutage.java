package dev.naru.stories;

import static java.util.stream.Collectors.joining;

import dev.naru.chaos.host.ChaosCluster;
import dev.naru.chaos.host.NodeHost;
import dev.naru.chaos.host.Wait;
import dev.naru.client.NaruClient;
import dev.naru.client.admin.RecoveryCandidate;
import dev.naru.stories.RackTopic.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;

/**
 * Three racks, nodes 1 to 3, lose power one after the other; before each cut a letter is written to
 * every topic. Then power comes back to one rack after the other, and a last letter is written.
 */
final class RackOutage {

  private static final int RACKS = 3;
  private static final Duration LIMIT = Duration.ofSeconds(90);

  /** Longer than an acknowledgement takes, or what nodes have to tell. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** Nodes write their high watermarks down every 5 s. */
  private static final Duration WATERMARKS = Duration.ofSeconds(8);

  private static final String COMING_BACK = "replicas that are coming back";

  private final ChaosCluster cluster;
  private final NaruClient client;
  private final Teller teller;
  private final RackPower power;
  private final Scene scene;
  private final List<RackTopic> topics;
  private final List<Integer> back = new ArrayList<>();
  private long returnedNanos;

  /**
   * What is different from one outage to the other.
   *
   * @param layout P, where other nodes hold the metadata and keep power, or C, where these do
   * @param order in which power returns; racks are numbered in the order in which they lose it
   * @param pace of what is written and cut, and of the return
   */
  record Scene(String layout, List<Integer> order, Pace pace) {

    /** How fast all this goes. */
    enum Pace {
      /** Between a letter and the next cut watermarks come to disk; power returns rack by rack. */
      SLOW,
      /** The cut follows the letter. */
      HASTY,
      /** The cut follows the letter, and power returns to all at once. */
      TOGETHER
    }

    boolean isTogether() {
      return pace == Pace.TOGETHER;
    }

    boolean isSlow() {
      return pace == Pace.SLOW;
    }

    boolean keepsQuorum() {
      return layout.equals("P");
    }

    @Override
    public String toString() {
      return "layout=%s order=%s%s"
          .formatted(
              layout,
              order.stream().map(String::valueOf).collect(joining()),
              isSlow() ? "" : "-" + pace.name().toLowerCase(Locale.ROOT));
    }
  }

  RackOutage(
      ChaosCluster cluster,
      NaruClient client,
      Teller teller,
      RackPower power,
      Scene scene,
      List<RackTopic> topics) {
    this.cluster = cluster;
    this.client = client;
    this.teller = teller;
    this.power = power;
    this.scene = scene;
    this.topics = List.copyOf(topics);
  }

  /** Plays it; all nodes run before and after it. */
  List<Outcome> unfold() throws IOException {
    awaitInSync();
    for (int rack = 1; rack <= RACKS; rack++) {
      write((char) ('a' + rack - 1));
      if (scene.isSlow()) {
        Wait.hold(WATERMARKS);
      }
      cut(rack);
    }
    topics.forEach(topic -> topic.log().giveUp()); // or it would be written when power is back
    returnedNanos = System.nanoTime();
    for (int rack : scene.order()) {
      giveBack(rack);
    }
    cluster.hosts().forEach(host -> host.process().awaitReady());
    if (scene.isTogether()) {
      awaitService();
    }
    awaitInSync();
    write('d');
    var outcomes = new ArrayList<Outcome>();
    for (var topic : topics) {
      outcomes.add(judge(topic));
    }
    return outcomes;
  }

  private void awaitInSync() {
    topics.forEach(topic -> {
      var _ = cluster.awaitInSync(client, topic.log().topic(), LIMIT);
    });
  }

  // ---- power goes

  private void write(char letter) {
    Predicate<RackTopic> mustTake = topic -> letter == 'd' || topic.mustTake(letter);
    topics.forEach(topic -> topic.log().send(letter));
    boolean _ =
        Wait.comes(
            LIMIT,
            () -> topics.stream().filter(mustTake).allMatch(each -> each.log().isAnswered(letter)));
    if (!topics.stream().allMatch(mustTake)) {
      Wait.hold(PATIENCE);
    }
    for (var topic : topics) {
      boolean isTaken = topic.log().isAcknowledged(letter);
      if (isTaken != mustTake.test(topic)) {
        topic.surprise("%c is %sacknowledged", letter, isTaken ? "" : "not ");
      }
    }
    teller.say(
        "%c is written: acknowledged in %d of %d topics%s",
        letter,
        topics.stream().filter(topic -> topic.log().isAcknowledged(letter)).count(),
        topics.size(),
        letter == 'd' ? "" : ", and must be in " + topics.stream().filter(mustTake).count());
  }

  private void cut(int rack) throws IOException {
    if (!power.cut(cluster.host(rack))) {
      topics.getFirst().surprise("the cut of rack %d is not proven", rack);
    }
    teller.say("rack %d loses power%s", rack, rack == RACKS ? ", the last one" : "");
    boolean isAnyoneThereToNotice = rack == 1 || (rack == 2 && scene.keepsQuorum());
    if (isAnyoneThereToNotice && !Wait.comes(LIMIT, () -> isOutOfAll(rack))) {
      throw new AssertionError("Expected rack " + rack + " to leave all ISRs, but it has not");
    }
  }

  private boolean isOutOfAll(int rack) {
    return topics.stream()
        .map(topic -> topic.log().description())
        .allMatch(now -> now.leader().isPresent() && !now.isr().contains(rack));
  }

  // ---- and comes back

  private void giveBack(int rack) {
    cluster.host(rack).start();
    back.add(rack);
    if (scene.isTogether() || (!scene.keepsQuorum() && back.size() == 1)) {
      teller.say("power is back in rack %d%s", rack, scene.isTogether() ? "" : ": no quorum yet");
    } else {
      onRacks().stream().filter(NodeHost::isAlive).forEach(host -> host.process().awaitReady());
      awaitService();
    }
  }

  private List<NodeHost> onRacks() {
    return cluster.hosts().subList(0, RACKS);
  }

  /** Waits for those that must be led now, and looks at the others. */
  private void awaitService() {
    boolean _ =
        Wait.comes(
            LIMIT,
            () -> {
              topics.forEach(this::look);
              return topics.stream()
                  .filter(topic -> topic.mustBeServed(back))
                  .allMatch(RackTopic::isServed);
            });
    for (var topic : topics) {
      if (topic.isServed() ? !topic.mayBeServed(back) : topic.mustBeServed(back)) {
        topic.surprise(
            "with racks %s back it is %s", back, topic.isServed() ? "led" : "led by nobody");
      }
    }
    teller.say(
        "power is back in rack %d: %d of %d topics are led",
        back.getLast(), topics.stream().filter(RackTopic::isServed).count(), topics.size());
    topics.stream().filter(topic -> !topic.isServed()).forEach(this::tellWhyNot);
  }

  private void look(RackTopic topic) {
    if (!topic.isServed()) {
      var now = topic.log().description();
      boolean isLeaderAlive =
          now.leader().isPresent() && cluster.host(now.leader().getAsInt()).isAlive();
      topic.served(now, isLeaderAlive, System.nanoTime());
    }
  }

  /** Whoever asks must be told for whom it waits. */
  private void tellWhyNot(RackTopic topic) {
    var waitsFor = new ArrayList<String>();
    boolean _ = Wait.comes(PATIENCE, () -> waitsFor.addAll(whoIsSafe(topic)));
    teller.say(
        "  %s, led from rack %d at first, waits for %s",
        topic.terms(),
        topic.firstLeader(),
        waitsFor.isEmpty() ? "nobody whom it names" : String.join(", ", waitsFor));
    if (waitsFor.isEmpty()) {
      topic.surprise("it waits, and does not say for whom");
    }
  }

  /** As an operator is told; while replicas that hold everything are coming back, just that. */
  private List<String> whoIsSafe(RackTopic topic) {
    try {
      return client.admin().planRecovery(topic.log().partition()).join().candidates().stream()
          .filter(RecoveryCandidate::isSafe)
          .map(each ->
              "node %d, which is safe (%s)".formatted(each.node(), each.whyNot().orElse("here")))
          .toList();
    } catch (CompletionException e) {
      boolean isComingBack = String.valueOf(e.getMessage()).contains(COMING_BACK);
      return isComingBack ? List.of(COMING_BACK) : List.of();
    }
  }

  // ---- what became of it

  private Outcome judge(RackTopic topic) throws IOException {
    var log = topic.log();
    var read = log.read();
    var lost = topic.lost(read);
    boolean _ = Wait.comes(PATIENCE, () -> topic.isToldOf(lost, declared(topic)));
    var setAside = new StringBuilder();
    for (var host : onRacks()) {
      setAside.append(log.setAside(host));
    }
    var outcome = topic.judge(read, declared(topic), setAside.toString(), returnedNanos);
    teller.say("%s", outcome.line());
    return outcome;
  }

  /** As the node that leads has told it: it was there when the first loss was declared. */
  private Declarations declared(RackTopic topic) {
    return Declarations.of(cluster.host(topic.log().leader()), topic.log().partition());
  }
}
