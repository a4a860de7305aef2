package dev.naru.client.producer;

import dev.naru.client.NaruException;
import dev.naru.client.NaruTimeoutException;
import dev.naru.client.core.InFlight.Fate;
import dev.naru.client.core.InFlight.Returned;
import dev.naru.client.core.ReturnPlan;
import dev.naru.client.core.ReturnPlan.Ending;
import dev.naru.client.core.ReturnPlan.ReturnedBatch;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of batches with numbers that come back, or whose time is over before they could go
 * again: as {@link ReturnPlan} has it for all of their lane that have left before, those that wait
 * included. Owned by the loop.
 */
final class NumberedReturns {

  private static final Logger LOG = LoggerFactory.getLogger(NumberedReturns.class);

  /** Behind the text of a failure. */
  static final String UNKNOWN = "; whether the records are stored is not known";

  private final Settlement settlement;

  NumberedReturns(Settlement settlement) {
    this.settlement = settlement;
  }

  /** Puts back in order what may go out again, and says why that was necessary. */
  Optional<Refused> putBack(Lane lane, List<Returned<Batch>> returned) {
    var all = new ArrayList<Item>();
    for (var each : returned) {
      if (each.fate() == Fate.UNKNOWN) {
        each.batch().mayBeStored();
      }
      all.add(new Item(each.batch(), endingOf(lane, each), Optional.of(each)));
    }
    lane.resends().forEach(batch -> all.add(new Item(batch, Ending.NONE, Optional.empty())));
    perform(lane, all);
    return returned.stream().filter(each -> !each.batch().isDone()).map(Returned::why).findFirst();
  }

  private static Ending endingOf(Lane lane, Returned<Batch> returned) {
    var batch = returned.batch();
    if (batch.isDone()) {
      return Ending.GIVEN_UP;
    }
    if (returned.fate() == Fate.FOLLOWED) {
      return Ending.NONE;
    }
    var ending = returned.fate() == Fate.UNKNOWN ? Ending.NONE : Ending.of(returned.why().code());
    boolean goesAgain = ending == Ending.NONE || ending == Ending.OUT_OF_STEP;
    if (goesAgain && batch.resends() >= lane.config().retries()) {
      return Ending.GIVEN_UP;
    }
    batch.countResend();
    return ending;
  }

  /** Fails those of the batches that wait to go again whose time is over. */
  void expire(Lane lane, Predicate<Batch> isLate) {
    if (lane.resends().stream().noneMatch(isLate)) {
      return;
    }
    var all = new ArrayList<Item>();
    for (var batch : lane.resends()) {
      var ending = isLate.test(batch) ? Ending.GIVEN_UP : Ending.NONE;
      all.add(new Item(batch, ending, Optional.empty()));
    }
    perform(lane, all);
  }

  private void perform(Lane lane, List<Item> items) {
    var plan =
        ReturnPlan.of(
            items.stream()
                .map(item -> new ReturnedBatch(item.batch.outlook(), item.ending))
                .toList());
    lane.resends().clear();
    for (int i = 0; i < items.size(); i++) {
      var item = items.get(i);
      switch (plan.actions().get(i)) {
        case RESEND -> lane.resends().addLast(item.batch);
        case RESTAMP -> {
          item.batch.forgetStamp();
          lane.resends().addLast(item.batch);
        }
        case FAIL -> settlement.fail(item.batch, failureOf(lane, item, ""));
        case FAIL_UNKNOWN -> settlement.fail(item.batch, failureOf(lane, item, UNKNOWN));
      }
    }
    if (plan.breaksChain()) {
      lane.numbers().ifPresent(numbers -> breakChain(lane, numbers, items));
    }
    if (plan.isFenced()) {
      fence(lane, items);
    }
  }

  private static void breakChain(Lane lane, Numbers numbers, List<Item> items) {
    for (var item : items) {
      if (item.ending == Ending.DOUBLED) {
        LOG.error(
            "Expected the leader of {} to know the last batches, but {}",
            lane.name(),
            item.whyText());
      } else if (item.ending == Ending.OUT_OF_STEP && numbers.identity().mayWarn()) {
        LOG.warn(
            "Expected the leader of {} to know this producer, but {}; its numbers begin anew",
            lane.name(),
            item.whyText());
      }
    }
    numbers.breakChain();
  }

  private static void fence(Lane lane, List<Item> items) {
    var why =
        items.stream()
            .filter(item -> item.ending == Ending.FENCED)
            .map(Item::whyText)
            .findFirst()
            .orElse("it is not");
    lane.numbers()
        .ifPresent(numbers ->
            numbers
                .identity()
                .finish(
                    new NaruException(
                        ErrorCode.PRODUCER_FENCED,
                        "Expected to be the only producer with its id, but " + why,
                        Settlement.detailsOf(lane))));
  }

  private static NaruException failureOf(Lane lane, Item item, String suffix) {
    if (item.ending == Ending.NONE) { // it would have gone, but for one before it
      return new NaruTimeoutException(
          ErrorCode.REQUEST_TIMEOUT,
          "Expected an answer for " + lane.name() + ", but a batch before it has failed" + suffix,
          Settlement.detailsOf(lane));
    }
    if (item.returned.isEmpty()) {
      return Settlement.tooLate(lane, suffix);
    }
    var why = item.returned.get().why();
    if (item.returned.get().fate() == Fate.REFUSED) {
      return new NaruException(why.code(), why.reason() + suffix, Settlement.detailsOf(lane));
    }
    return new NaruTimeoutException(
        ErrorCode.REQUEST_TIMEOUT,
        "Expected an answer for " + lane.name() + ", but " + why.reason() + suffix,
        Settlement.detailsOf(lane));
  }

  /** A batch, why it cannot simply go again, and how it came back if it did just now. */
  private record Item(Batch batch, Ending ending, Optional<Returned<Batch>> returned) {

    String whyText() {
      return returned.map(each -> each.why().toString()).orElse("its time is over");
    }
  }
}
