package dev.naru.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** {@code testing/system/stories} plays them, or those that are named. */
class StoriesTest {

  private static final Path VERDICTS = Path.of("target", "stories");

  /** Kept for whoever has to find out, if a story ends badly. */
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  @Tag("chaos")
  @Tag("S55")
  @Tag("A-1")
  void whatIsLostWhenPowerReturnsIsWhatWasDeclaredAndNothingWhereNobodyAllowedIt()
      throws Exception {
    play(new ThreeRacks());
  }

  @Test
  @Tag("chaos")
  @Tag("A-2")
  void whatTheLeaderAloneAcknowledgedIsLostWithItAndWhatAllAcknowledgedIsNot() throws Exception {
    play(new LeaderAlone());
  }

  @Test
  @Tag("chaos")
  @Tag("A-3")
  void aNodeThatItsFollowersDoNotHearDropsNoneOfThemAndLeadsNoMore() throws Exception {
    play(new ShrinkStorm());
  }

  @Test
  @Tag("chaos")
  @Tag("S75")
  @Tag("A-4")
  void aPartitionThatGetsNearlyEverythingIsNamedWithItsKey() throws Exception {
    play(new KeySkew());
  }

  @Test
  @Tag("chaos")
  @Tag("S11")
  @Tag("A-5")
  void withoutAMetadataQuorumRecordsGoOnAndWhoeverWantsAChangeIsToldThat() throws Exception {
    play(new VotersLost());
  }

  @Test
  @Tag("chaos")
  @Tag("S112")
  @Tag("A-6")
  void nodesAreReplacedByTheNextReleaseAndNobodyWhoWritesOrReadsNotices() throws Exception {
    play(new RollingUpgrade());
  }

  @Test
  @Tag("chaos")
  @Tag("A-7")
  @Tag("S22")
  void aMemberWithoutPartitionsTakesThoseOfADeadOneAndNobodyElseIsDisturbed() throws Exception {
    play(new HotStandby());
  }

  @Test
  @Tag("chaos")
  @Tag("S89")
  @Tag("S90")
  @Tag("A-8")
  void whatADeadMemberHadNotCommittedIsDoneAgainAndWhatItHadIsNot() throws Exception {
    play(new CrashAroundCommit());
  }

  @Test
  @Tag("chaos")
  @Tag("S68")
  @Tag("A-9")
  void aProducerWithoutRoomSaysWhichSettingToChangeAndLosesNothing() throws Exception {
    play(new FullBuffer());
  }

  @Test
  @Tag("chaos")
  @Tag("S21")
  @Tag("S115")
  @Tag("A-10")
  void aTopicAndItsClusterGrowWhileRecordsAreWrittenAndRead() throws Exception {
    play(new GrowingTopic());
  }

  @Test
  @Tag("chaos")
  @Tag("S105")
  @Tag("S106")
  @Tag("S107")
  @Tag("A-12")
  void whatOneServerIsGivenIsTakenAndReadInTime() throws Exception {
    play(new OneServersShare());
  }

  @Test
  @Tag("chaos")
  void whatANodeHoldsMovesAwayUnderLoadAndNothingIsLeftOfAMoveThatIsCancelled() throws Exception {
    play(new MoveUnderLoad());
  }

  private void play(Story story) throws Exception {
    assumeTrue(isAskedFor(story), "another story was asked for");
    System.out.printf("%n%s  %s%n", story.number(), story.title());
    story
        .whyNot()
        .ifPresent(why -> System.out.println("NOT PLAYED: " + story.number() + ": " + why));
    assumeTrue(story.whyNot().isEmpty());

    var verdict = story.play(directory, new Teller(System.out));

    var line = "%s %s %s".formatted(story.number(), verdict.word(), verdict.figures());
    System.out.printf("%n%s%n", line);
    verdict.wrong().forEach(System.out::println);
    Files.createDirectories(VERDICTS);
    Files.writeString(VERDICTS.resolve(story.number() + ".txt"), line + "\n");
    assertThat(verdict.wrong()).isEmpty();
    assumeTrue(verdict.isWhole(), "no proof of " + story.number() + ": " + verdict.word());
  }

  private static boolean isAskedFor(Story story) {
    var asked = System.getProperty("stories", "");
    return asked.isEmpty() || List.of(asked.split(",", -1)).contains(story.number());
  }
}
