package dev.naru.broker.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.group.GroupCommand.Join;
import dev.naru.testing.Seeds;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The model would notice: each of the rules, replaced by a wrong one, is found out. */
class PlantedGroupBugsTest {

  private static final int SEEDS_MAX = 100;

  @ParameterizedTest
  @MethodSource("wrong")
  void isFoundOut(String bug, GroupRules rules) {
    assertThat(seeds().anyMatch(seed -> isFound(new GroupModel(rules, Seeds.random(seed))::run)))
        .as(bug)
        .isTrue();
  }

  @ParameterizedTest
  @MethodSource("wrongInClassicGroups")
  void isFoundOutInAClassicGroup(String bug, GroupRules rules) {
    assertThat(seeds().anyMatch(seed -> isFound(new ClassicModel(rules, Seeds.random(seed))::run)))
        .as(bug)
        .isTrue();
  }

  private static LongStream seeds() {
    return LongStream.rangeClosed(1, SEEDS_MAX);
  }

  static Stream<Object[]> wrong() {
    return Stream.of(
        new Object[] {
          "grants what another one has",
          new GroupRules() {
            @Override
            public boolean mayGrant(Optional<MemberId> holder) {
              return true;
            }
          }
        },
        new Object[] {
          "frees by what was said before the order",
          new GroupRules() {
            @Override
            public boolean hasGivenBack(Hold hold, int saidUnder) {
              return hold.isRevoked();
            }
          }
        },
        new Object[] {
          "never frees",
          new GroupRules() {
            @Override
            public boolean hasGivenBack(Hold hold, int saidUnder) {
              return false;
            }
          }
        },
        new Object[] {
          "takes commits of whoever is a member",
          new GroupRules() {
            @Override
            public boolean mayCommit(Optional<Hold> hold, int toldEpoch) {
              return true;
            }
          }
        },
        new Object[] {
          "takes commits of an earlier grant",
          new GroupRules() {
            @Override
            public boolean mayCommit(Optional<Hold> hold, int toldEpoch) {
              return hold.isPresent();
            }
          }
        },
        new Object[] {
          "has members resume only at the newest epoch",
          new GroupRules() {
            @Override
            public boolean mayResume(Member member, int toldEpoch) {
              return toldEpoch == member.epoch();
            }
          }
        },
        new Object[] {
          "believes joins that were overtaken",
          new GroupRules() {
            @Override
            public boolean isTimely(Member known, Join command) {
              return true;
            }
          }
        },
        new Object[] {
          "lets two drive each other out",
          new GroupRules() {
            @Override
            public boolean mayReplace(Member known, boolean isAttended) {
              return true;
            }
          }
        },
        new Object[] {
          "forgets offsets that members use",
          new GroupRules() {
            @Override
            public boolean mayForget(
                GroupImage image, Committed committed, Duration retention, long nowMillis) {
              return nowMillis - committed.commitMillis() >= retention.toMillis();
            }
          }
        });
  }

  static Stream<Object[]> wrongInClassicGroups() {
    return Stream.of(
        new Object[] {
          "takes a member that still reads for one that has come",
          new GroupRules() {
            @Override
            public boolean hasGivenBackAll(Join command) {
              return true;
            }
          }
        },
        new Object[] {
          "believes joins that were overtaken",
          new GroupRules() {
            @Override
            public boolean isTimely(Member known, Join command) {
              return true;
            }
          }
        },
        new Object[] {
          "takes commits of any generation",
          new GroupRules() {
            @Override
            public boolean mayCommitIn(int generation, Member member, ClassicMember classic) {
              return true;
            }
          }
        });
  }

  private static boolean isFound(Runnable model) {
    try {
      model.run();
      return false;
    } catch (AssertionError found) {
      return true;
    }
  }
}
