package dev.naru.client.core;

import static dev.naru.client.core.Outlook.MAY_BE_STORED;
import static dev.naru.client.core.Outlook.NEVER_SENT;
import static dev.naru.client.core.Outlook.SURELY_NOT_STORED;
import static dev.naru.client.core.ReturnPlan.Action.FAIL;
import static dev.naru.client.core.ReturnPlan.Action.FAIL_UNKNOWN;
import static dev.naru.client.core.ReturnPlan.Action.RESEND;
import static dev.naru.client.core.ReturnPlan.Action.RESTAMP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.core.ReturnPlan.Action;
import dev.naru.client.core.ReturnPlan.Ending;
import dev.naru.client.core.ReturnPlan.ReturnedBatch;
import dev.naru.testing.Seeds;
import dev.naru.types.ErrorCode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each row of the table, with one batch of each outlook behind the one that cannot go again. */
class ReturnPlanTest {

  private static final List<Outlook> OUTLOOKS = List.of(Outlook.values());
  private static final List<Ending> ENDINGS = List.of(Ending.values());
  private static final ReturnedBatch RETURNS_MAYBE = back(MAY_BE_STORED, Ending.NONE);
  private static final ReturnedBatch RETURNS_SURELY = back(SURELY_NOT_STORED, Ending.NONE);
  private static final ReturnedBatch WAITS = back(NEVER_SENT, Ending.NONE);

  private static ReturnedBatch back(Outlook outlook, Ending ending) {
    return new ReturnedBatch(outlook, ending);
  }

  /** What is planned for this one, and for three behind it: may be, is surely not, was never. */
  private static ReturnPlan planFor(Outlook outlook, Ending ending) {
    return ReturnPlan.of(List.of(back(outlook, ending), RETURNS_MAYBE, RETURNS_SURELY, WAITS));
  }

  private static void assertBroken(ReturnPlan plan, Action ofTheFirst) {
    assertThat(plan.actions()).containsExactly(ofTheFirst, FAIL_UNKNOWN, RESTAMP, RESTAMP);
    assertThat(plan.breaksChain()).isTrue();
    assertThat(plan.isFenced()).isFalse();
  }

  @Test
  void sendsAgainAsItIsWhatCanGoAgain() {
    for (var outlook : Outlook.values()) {
      var plan = planFor(outlook, Ending.NONE);

      assertThat(plan.actions()).containsExactly(RESEND, RESEND, RESEND, RESEND);
      assertThat(plan.breaksChain()).isFalse();
      assertThat(plan.isFenced()).isFalse();
    }
  }

  @Test
  void plansNothingForNothing() {
    assertThat(ReturnPlan.of(List.of())).isEqualTo(new ReturnPlan(List.of(), false, false));
  }

  @Test
  void takesNumbersFromBeforeTheLedgerForNoAcknowledgement() {
    assertBroken(planFor(SURELY_NOT_STORED, Ending.DOUBLED), FAIL_UNKNOWN);
    assertBroken(planFor(MAY_BE_STORED, Ending.DOUBLED), FAIL_UNKNOWN);
  }

  @Test
  void failsWhatWouldAlwaysBeRefused() {
    assertBroken(planFor(SURELY_NOT_STORED, Ending.HOPELESS), FAIL);
    assertBroken(planFor(MAY_BE_STORED, Ending.HOPELESS), FAIL_UNKNOWN);
  }

  @Test
  void givesNewNumbersOnlyToWhatIsSurelyNotStored() {
    assertBroken(planFor(SURELY_NOT_STORED, Ending.OUT_OF_STEP), RESTAMP);
    assertBroken(planFor(MAY_BE_STORED, Ending.OUT_OF_STEP), FAIL_UNKNOWN);
  }

  @Test
  void failsWhatHasNoTimeOrRetriesLeft() {
    assertBroken(planFor(SURELY_NOT_STORED, Ending.GIVEN_UP), FAIL);
    assertBroken(planFor(MAY_BE_STORED, Ending.GIVEN_UP), FAIL_UNKNOWN);
  }

  @Test
  void leavesNoGapByWhatNeverHadNumbers() {
    for (var ending : List.of(Ending.GIVEN_UP, Ending.HOPELESS)) {
      var plan = planFor(NEVER_SENT, ending);

      assertThat(plan.actions()).containsExactly(FAIL, RESEND, RESEND, RESEND);
      assertThat(plan.breaksChain()).isFalse();
    }
  }

  @Test
  void keepsTheNumbersOfWhatIsBeforeTheGap() {
    var plan =
        ReturnPlan.of(
            List.of(
                RETURNS_MAYBE,
                RETURNS_SURELY,
                back(SURELY_NOT_STORED, Ending.HOPELESS),
                RETURNS_SURELY));

    assertThat(plan.actions()).containsExactly(RESEND, RESEND, FAIL, RESTAMP);
    assertThat(plan.breaksChain()).isTrue();
  }

  @Test
  void failsBehindTheGapWhatCannotGoAgainForAReasonOfItsOwn() {
    var gap = back(SURELY_NOT_STORED, Ending.HOPELESS);
    Map<Ending, Action> surelyNot = new EnumMap<>(Ending.class);
    surelyNot.put(Ending.NONE, RESTAMP);
    surelyNot.put(Ending.OUT_OF_STEP, RESTAMP);
    surelyNot.put(Ending.HOPELESS, FAIL);
    surelyNot.put(Ending.GIVEN_UP, FAIL);
    surelyNot.put(Ending.DOUBLED, FAIL_UNKNOWN);

    surelyNot.forEach((ending, action) -> {
      assertThat(ReturnPlan.of(List.of(gap, back(SURELY_NOT_STORED, ending))).actions())
          .containsExactly(FAIL, action);
      assertThat(ReturnPlan.of(List.of(gap, back(MAY_BE_STORED, ending))).actions())
          .containsExactly(FAIL, FAIL_UNKNOWN);
    });
  }

  @Test
  void endsEverythingWhenSomebodyElseHasTheId() {
    var plan = planFor(SURELY_NOT_STORED, Ending.FENCED);

    assertThat(plan.isFenced()).isTrue();
    assertThat(plan.actions()).containsExactly(FAIL, FAIL_UNKNOWN, FAIL, FAIL);
    assertThat(ReturnPlan.of(List.of(RETURNS_MAYBE, back(MAY_BE_STORED, Ending.FENCED))).actions())
        .containsExactly(FAIL_UNKNOWN, FAIL_UNKNOWN);
  }

  @Test
  void knowsTheEndingOfEachCode() {
    assertThat(Ending.of(ErrorCode.UNKNOWN_PRODUCER_ID)).isEqualTo(Ending.OUT_OF_STEP);
    assertThat(Ending.of(ErrorCode.OUT_OF_ORDER_SEQUENCE)).isEqualTo(Ending.OUT_OF_STEP);
    assertThat(Ending.of(ErrorCode.DUPLICATE_SEQUENCE)).isEqualTo(Ending.DOUBLED);
    assertThat(Ending.of(ErrorCode.PRODUCER_FENCED)).isEqualTo(Ending.FENCED);
    assertThat(Ending.of(ErrorCode.RECORD_TOO_LARGE)).isEqualTo(Ending.HOPELESS);
    assertThat(Ending.of(ErrorCode.INVALID_RECORD)).isEqualTo(Ending.HOPELESS);
    assertThat(Ending.of(ErrorCode.NOT_LEADER)).isEqualTo(Ending.NONE);
    assertThat(Ending.of(ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND)).isEqualTo(Ending.NONE);
    assertThat(Ending.of(ErrorCode.TOPIC_NOT_FOUND)).isEqualTo(Ending.NONE);
    assertThat(Ending.of(ErrorCode.PARTITION_NOT_FOUND)).isEqualTo(Ending.NONE);
  }

  /** Whatever comes back: no stamp that may be stored is changed, and nothing jumps a gap. */
  @Test
  void neverChangesANumberThatMayBeStoredAndNeverSendsBehindAGap() {
    Seeds.forEach(
        2000,
        (seed, random) -> {
          var returned = new ArrayList<ReturnedBatch>();
          for (int i = random.nextInt(6); i >= 0; i--) {
            var outlook = OUTLOOKS.get(random.nextInt(OUTLOOKS.size()));
            int endings = outlook == NEVER_SENT ? 3 : ENDINGS.size(); // no leader has refused it
            var ending = ENDINGS.get(random.nextInt(endings));
            returned.add(back(outlook, ending));
          }

          var plan = ReturnPlan.of(returned);

          boolean hasGap = false;
          for (int i = 0; i < returned.size(); i++) {
            var batch = returned.get(i);
            var action = plan.actions().get(i);
            if (batch.outlook() == MAY_BE_STORED) {
              assertThat(action).isNotIn(RESTAMP, FAIL);
            }
            if (hasGap) {
              assertThat(action).isNotEqualTo(RESEND);
            }
            if (action == RESTAMP) {
              assertThat(plan.breaksChain()).isTrue();
            }
            hasGap |= action != RESEND && batch.outlook() != NEVER_SENT;
          }
          assertThat(plan.breaksChain()).isEqualTo(hasGap || plan.isFenced());
        });
  }

  @Test
  void neverForgetsThatABatchMayBeStored() {
    assertThat(NEVER_SENT.refusedUnappended()).isEqualTo(SURELY_NOT_STORED);
    assertThat(SURELY_NOT_STORED.refusedUnappended()).isEqualTo(SURELY_NOT_STORED);
    assertThat(MAY_BE_STORED.refusedUnappended()).isEqualTo(MAY_BE_STORED);
  }
}
