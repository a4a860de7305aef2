package dev.naru.client.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.client.TopicPartition;
import dev.naru.testing.Seeds;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OwnershipTest {

  private final Ownership ownership = new Ownership();

  private static PartitionId id(int number) {
    return new PartitionId(TopicId.of(1, 1), number);
  }

  private static Grant grant(int number, int epoch) {
    return new Grant(
        id(number), new TopicPartition("orders", number), epoch, Optional.empty(), false);
  }

  private static Told told(int incarnation, int epoch, Grant... grants) {
    var map = new TreeMap<PartitionId, Grant>();
    for (var each : grants) {
      map.put(each.id(), each);
    }
    return new Told(incarnation, epoch, map, Optional.empty());
  }

  private static Held held(int incarnation, int epoch, int... numbers) {
    var set = new TreeSet<PartitionId>();
    for (int number : numbers) {
      set.add(id(number));
    }
    return new Held(incarnation, epoch, set);
  }

  /** Does everything that is to be done, in its order. */
  private Optional<Held> settle() {
    ownership.dropped(ownership.lost());
    ownership.dropped(ownership.toGiveBack());
    var report = ownership.report();
    ownership.took(ownership.toTake());
    return report;
  }

  @Test
  void hasNothingToDoBeforeItIsTold() {
    assertThat(ownership.isSettled()).isTrue();
    assertThat(ownership.report()).isEmpty();
    assertThat(ownership.toTake()).isEmpty();
    assertThat(ownership.failure()).isEmpty();
  }

  @Test
  void takesWhatIsGrantedOnceTheGroupHasHeardOfTheRest() {
    ownership.told(told(0, 9, grant(0, 9), grant(1, 9)));

    assertThat(ownership.isSettled()).isFalse();
    assertThat(ownership.toTake()).isEmpty();
    assertThat(ownership.report()).contains(held(0, 9, 0, 1));
    assertThat(ownership.report()).isEmpty();
    assertThat(ownership.toTake()).containsExactly(grant(0, 9), grant(1, 9));
    assertThat(ownership.isReadable(id(0))).isFalse();
    assertThat(ownership.isSettled()).isFalse();
    ownership.took(ownership.toTake());

    assertThat(ownership.owned()).containsExactly(grant(0, 9), grant(1, 9));
    assertThat(ownership.isReadable(id(0))).isTrue();
    assertThat(ownership.isSettled()).isTrue();
  }

  @Test
  void givesBackBeforeItTakesAndNeverTouchesWhatStays() {
    ownership.told(told(0, 9, grant(0, 9), grant(1, 9)));
    settle();

    ownership.told(told(0, 10, grant(1, 9), grant(2, 10)));

    assertThat(ownership.lost()).isEmpty();
    assertThat(ownership.toGiveBack()).containsExactly(grant(0, 9));
    assertThat(ownership.isReadable(id(0))).isFalse();
    assertThat(ownership.isReadable(id(1))).isTrue();
    assertThat(ownership.report()).isEmpty();
    assertThat(ownership.toTake()).isEmpty();
    ownership.dropped(ownership.toGiveBack());
    assertThat(ownership.report()).contains(held(0, 10, 1, 2));
    assertThat(ownership.toTake()).containsExactly(grant(2, 10));
  }

  /**
   * Partition 0 was another one's in between: a commit of what was read before must not count as
   * one under the new grant.
   */
  @Test
  void actsUnderTheEpochOfWhatIsDoneNotOfWhatItWasTold() {
    assertThat(ownership.epoch()).isZero();
    ownership.told(told(0, 9, grant(0, 9)));
    assertThat(ownership.epoch()).isZero();
    settle();
    assertThat(ownership.epoch()).isEqualTo(9);

    ownership.told(told(0, 12, grant(0, 12)));

    assertThat(ownership.epoch()).isEqualTo(9);
    settle();
    assertThat(ownership.epoch()).isEqualTo(12);
  }

  /** To look up where to begin takes polls, in which the group may say more. */
  @Test
  void takesWhatWasGrantedThoughMoreIsKnownOfItMeanwhile() {
    ownership.told(told(0, 9, grant(0, 9)));
    ownership.report();
    var toTake = ownership.toTake();
    var since =
        new Grant(
            id(0),
            new TopicPartition("orders", 0),
            9,
            Optional.of(new CommittedPosition(5, Optional.empty(), "")),
            false);
    ownership.told(told(0, 10, since));

    ownership.took(toTake);

    assertThat(ownership.owned()).containsExactly(grant(0, 9));
  }

  @Test
  void losesEverythingOfAnEarlierIncarnation() {
    ownership.told(told(0, 9, grant(0, 9), grant(1, 9)));
    settle();

    ownership.told(told(1, 9, grant(1, 9))); // even a grant that looks the same

    assertThat(ownership.lost()).containsExactly(grant(0, 9), grant(1, 9));
    assertThat(ownership.toGiveBack()).isEmpty();
    assertThat(ownership.isReadable(id(1))).isFalse();
    assertThat(settle()).contains(held(1, 9, 1));
    assertThat(ownership.owned()).containsExactly(grant(1, 9));
    assertThat(ownership.isReadable(id(1))).isTrue();
  }

  @Test
  void losesWhatWasGrantedAnew() {
    ownership.told(told(0, 9, grant(0, 9), grant(1, 9)));
    settle();

    ownership.told(told(0, 12, grant(0, 12), grant(1, 9)));

    assertThat(ownership.lost()).containsExactly(grant(0, 9));
    settle();
    assertThat(ownership.owned()).containsExactly(grant(0, 12), grant(1, 9));
  }

  @Test
  void ignoresWhatIsOld() {
    ownership.told(told(1, 9, grant(0, 9)));
    settle();

    ownership.told(told(1, 9));
    ownership.told(told(1, 8));
    ownership.told(told(0, 20));

    assertThat(ownership.isSettled()).isTrue();
    assertThat(ownership.owned()).containsExactly(grant(0, 9));
  }

  @Test
  void goesOnWithTheNewestThatItWasToldWhileItChanges() {
    ownership.told(told(0, 9, grant(0, 9), grant(1, 9)));
    settle();
    ownership.told(told(0, 10, grant(1, 9), grant(2, 10)));
    var givingBack = ownership.toGiveBack(); // takes a few polls

    ownership.told(told(0, 11, grant(3, 11)));
    ownership.dropped(givingBack);

    assertThat(ownership.toGiveBack()).containsExactly(grant(1, 9));
    assertThat(settle()).contains(held(0, 11, 3));
    assertThat(ownership.owned()).containsExactly(grant(3, 11));
  }

  @Test
  void takesOnlyWhatIsGrantedNow() {
    ownership.told(told(0, 9, grant(0, 9)));
    ownership.report();
    var taking = ownership.toTake();
    ownership.told(told(1, 0));

    assertThatThrownBy(() -> ownership.took(taking)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void saysWhyThereIsNothing() {
    ownership.told(told(0, 9, grant(0, 9)));
    settle();
    var why = new Refused(ErrorCode.UNSUPPORTED_ASSIGNOR, "Expected x, but y");

    ownership.told(Told.failed(1, why));

    assertThat(ownership.failure()).contains(why);
    assertThat(ownership.lost()).containsExactly(grant(0, 9));
  }

  /**
   * Whatever is told and whenever: it ends where the newest says, and gives back before it says.
   */
  @Test
  void endsWithWhatWasToldLast() {
    Seeds.forEach(
        300,
        (seed, random) -> {
          var mine = new Ownership();
          var last = told(0, 0);
          for (int epoch = 1; epoch < 60; epoch++) {
            if (random.nextInt(3) == 0) {
              int now = epoch;
              int incarnation = last.incarnation() + (random.nextInt(5) == 0 ? 1 : 0);
              boolean isAnew = incarnation > last.incarnation();
              var before = last;
              var grants =
                  Stream.iterate(0, i -> i < 6, i -> i + 1)
                      .filter(i -> random.nextBoolean())
                      .map(i -> {
                        var known = before.grants().get(id(i));
                        return known == null || isAnew ? grant(i, now) : known;
                      })
                      .toArray(Grant[]::new);
              last = told(incarnation, epoch, grants);
              mine.told(last);
            }
            switch (random.nextInt(4)) {
              case 0 -> mine.dropped(mine.lost());
              case 1 -> mine.dropped(mine.toGiveBack());
              case 2 -> {
                var report = mine.report();
                if (report.isPresent()) {
                  var said = report.get().partitions();
                  mine.owned().forEach(grant -> assertThat(said).contains(grant.id()));
                }
              }
              default -> mine.took(mine.toTake());
            }
            for (var grant : mine.owned()) {
              assertThat(mine.isReadable(grant.id()))
                  .isEqualTo(
                      !List.copyOf(mine.lost()).contains(grant)
                          && !List.copyOf(mine.toGiveBack()).contains(grant));
            }
          }
          mine.dropped(mine.lost());
          mine.dropped(mine.toGiveBack());
          mine.report();
          mine.took(mine.toTake());
          assertThat(mine.owned()).containsExactlyElementsOf(last.grants().values());
          assertThat(mine.isSettled()).isTrue();
        });
  }
}
