package dev.naru.stories;

import static java.util.stream.Collectors.joining;

import dev.naru.client.admin.NewTopic;
import dev.naru.client.admin.PartitionDescription;
import dev.naru.stories.RackOutage.Scene;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** One topic in an outage: what was decided for it, what must come of it, and what does. */
final class RackTopic implements AutoCloseable {

  /** The one that loses power last, and has everything. */
  private static final int LAST_RACK = 3;

  private static final String WRITTEN = "abc";

  private final Scene scene;
  private final Terms terms;
  private final int firstLeader;
  private final LetterLog log;
  private final List<String> surprises = new ArrayList<>();
  private OptionalLong servedNanos = OptionalLong.empty();

  /** What the operator has decided. */
  record Terms(String mode, int minInsync, Duration waiting) {

    boolean isStrict() {
      return mode.equals("strict");
    }

    /** A topic of this name for which that holds. */
    NewTopic topic(String name) {
      return NewTopic.named(name)
          .config("min.insync.replicas", Integer.toString(minInsync))
          .config("recovery.mode", mode)
          .config("recovery.wait.ms", Long.toString(waiting.toMillis()));
    }

    @Override
    public String toString() {
      return "%s%s".formatted(mode, minInsync == 1 ? "" : "/min_isr=" + minInsync);
    }
  }

  /**
   * How it ended.
   *
   * @param lost letters that were acknowledged and cannot be read
   * @param undeclared those of them that no declaration covers
   * @param declaredBeyond offsets that are declared lost, and are not
   * @param surprises what should not have been
   */
  record Outcome(
      String line,
      boolean isStrict,
      String acknowledged,
      String lost,
      String undeclared,
      long declaredBeyond,
      List<String> surprises) {}

  RackTopic(Scene scene, Terms terms, int firstLeader, LetterLog log) {
    this.scene = scene;
    this.terms = terms;
    this.firstLeader = firstLeader;
    this.log = log;
  }

  LetterLog log() {
    return log;
  }

  int firstLeader() {
    return firstLeader;
  }

  Terms terms() {
    return terms;
  }

  void surprise(String format, Object... words) {
    surprises.add(this + ": " + format.formatted(words));
  }

  // ---- what must be

  /** Where the metadata is gone with the second rack, nobody takes the last letter; see step 25. */
  boolean mustTake(char letter) {
    return letter < 'c' || (scene.keepsQuorum() && terms.minInsync() == 1);
  }

  /** Whether somebody must lead while these racks have power. */
  boolean mustBeServed(List<Integer> back) {
    if (back.size() == LAST_RACK || !terms.isStrict()) {
      return true;
    }
    boolean isSafeBack =
        back.contains(LAST_RACK) || (terms.minInsync() == 2 && back.contains(LAST_RACK - 1));
    return scene.keepsQuorum() && isSafeBack;
  }

  /** Whether somebody may. */
  boolean mayBeServed(List<Integer> back) {
    return mustBeServed(back) || !scene.keepsQuorum();
  }

  /** Whether it is decided beforehand how much is lost. */
  private boolean isLossKnown() {
    return !terms.mode().equals("available") || (scene.keepsQuorum() && !scene.isTogether());
  }

  /** What only racks have that come back after the first one, if that one had to lead. */
  private String expectedLoss() {
    boolean isChosenUnsafe = !terms.isStrict() && scene.keepsQuorum() && !scene.isTogether();
    return isChosenUnsafe ? WRITTEN.substring(scene.order().getFirst()) : "";
  }

  // ---- what is

  boolean isServed() {
    return servedNanos.isPresent();
  }

  /** A look at who leads; the first time somebody does counts. */
  void served(PartitionDescription now, boolean isLeaderAlive, long nowNanos) {
    if (servedNanos.isEmpty() && now.leader().isPresent() && isLeaderAlive) {
      servedNanos = OptionalLong.of(nowNanos);
    }
  }

  private SortedSet<Long> lostOffsets(String lost) {
    var offsets = new TreeSet<Long>();
    lost.chars().forEach(letter -> offsets.add(log.offset((char) letter).orElseThrow()));
    return offsets;
  }

  /** Acknowledged, and not in what was read. */
  String lost(String read) {
    return log.acknowledged()
        .chars()
        .filter(letter -> read.indexOf(letter) < 0)
        .mapToObj(Character::toString)
        .collect(joining());
  }

  /** Whether all that is known of the loss has been told. */
  boolean isToldOf(String lost, Declarations declared) {
    var offsets = lostOffsets(lost);
    return isLossExact()
        ? declared.offsets().equals(offsets)
        : declared.offsets().containsAll(offsets);
  }

  /**
   * Whether the declaration must be what is lost, and no more. With one leader from beginning to
   * end the log of each rack is a part of that of the last one, so that where it ends says what it
   * lacks. Else the one that is chosen knows of nothing above its high watermark whether others
   * wrote something else in its place; and of the watermark a power cut leaves what was written
   * down last, which is all of it if the cut was not hasty.
   */
  private boolean isLossExact() {
    boolean isOneLeaders = firstLeader == LAST_RACK && terms.minInsync() == 1;
    return scene.keepsQuorum() && (scene.isSlow() || isOneLeaders);
  }

  /** At the end, with all racks back. */
  Outcome judge(String read, Declarations declared, String setAside, long returnedNanos) {
    var lost = lost(read);
    if (isLossKnown() && !lost.equals(expectedLoss())) {
      surprise("expected [%s] to be lost, but was [%s]", expectedLoss(), lost);
    }
    if (!isToldOf(lost, declared)) {
      surprise("lost is [%s], but declared are the offsets %s", lost, declared);
    }
    if (!lost.chars().allMatch(letter -> setAside.indexOf(letter) >= 0)) {
      surprise("expected [%s] in lost+found, but there is [%s]", lost, setAside);
    }
    if (!isInOrder(read)) {
      surprise("expected letters in order, each once, but the log reads [%s]", read);
    }
    long unavailableMillis =
        servedNanos.isPresent() ? (servedNanos.getAsLong() - returnedNanos) / 1_000_000 : -1;
    boolean hadToWait = terms.mode().equals("bounded") && !lost.isEmpty();
    if (hadToWait && unavailableMillis < terms.waiting().toMillis()) {
      surprise("an unsafe replica led after %d ms", unavailableMillis);
    }
    var covered = declared.offsets();
    var lostOffsets = lostOffsets(lost);
    var undeclared =
        lost.chars()
            .filter(letter -> !covered.contains(log.offset((char) letter).orElseThrow()))
            .mapToObj(Character::toString)
            .collect(joining());
    var line =
        "%s acked=%s lost=%s declared=%s unavailable_ms=%d"
            .formatted(
                this,
                log.acknowledged(),
                lost.isEmpty() ? "none" : lost,
                declared,
                unavailableMillis);
    return new Outcome(
        line,
        terms.isStrict(),
        log.acknowledged(),
        lost,
        undeclared,
        covered.stream().filter(offset -> !lostOffsets.contains(offset)).count(),
        List.copyOf(surprises));
  }

  private static boolean isInOrder(String read) {
    return IntStream.range(1, read.length()).allMatch(i -> read.charAt(i - 1) < read.charAt(i));
  }

  @Override
  public void close() {
    log.giveUp();
  }

  @Override
  public String toString() {
    return "%s mode=%s first_leader=%d".formatted(scene, terms, firstLeader);
  }
}
