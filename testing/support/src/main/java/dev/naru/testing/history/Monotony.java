package dev.naru.testing.history;

import dev.naru.testing.history.Anomaly.Kind;
import dev.naru.testing.history.Operation.Answered;
import dev.naru.testing.history.Operation.Polled;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/**
 * Log start and high watermark, as clients are told of them, never fall.
 *
 * <p>A leader that does not know yet that there is a later one may still tell what it knows. So an
 * answer counts against another client's only if it names no earlier leadership; one without a name
 * counts only against the same client, which never goes back to an earlier leader.
 */
final class Monotony implements Check {

  private record Told(Answered answer, int client) {}

  @Override
  public void look(Account account, Findings findings) {
    for (var partition : account.partitions()) {
      for (var bound : Bound.values()) {
        order(told(account, partition, bound), partition, bound, findings);
      }
    }
    account.run().histories().forEach(history -> atTheEnd(history, account, findings));
  }

  private static List<Told> told(Account account, PartitionAccount partition, Bound bound) {
    var told = new ArrayList<Told>();
    var histories = account.run().histories();
    for (int i = 0; i < histories.size(); i++) {
      int client = i;
      histories
          .get(i)
          .replay(operation -> {
            if (operation instanceof Answered answer
                && answer.bound() == bound
                && answer.partition().equals(partition.name())) {
              told.add(new Told(answer, client));
            }
          });
    }
    return told;
  }

  /** Each answer against the greatest of those that had come before it was asked for. */
  private static void order(
      List<Told> told, PartitionAccount partition, Bound bound, Findings findings) {
    var byQuestion = new ArrayList<>(told);
    byQuestion.sort(Comparator.comparingLong(each -> each.answer().invokedNanos()));
    var byAnswer = new ArrayList<>(told);
    byAnswer.sort(Comparator.comparingLong(each -> each.answer().atNanos()));
    var before = new Greatest();
    int at = 0;
    for (var each : byQuestion) {
      while (at < byAnswer.size()
          && byAnswer.get(at).answer().atNanos() < each.answer().invokedNanos()) {
        before.add(byAnswer.get(at).answer(), byAnswer.get(at).client());
        at++;
      }
      compare(each, before, partition, bound, findings);
    }
    findings.count("answers", told.size());
  }

  private static void compare(
      Told told, Greatest before, PartitionAccount partition, Bound bound, Findings findings) {
    long offset = told.answer().offset();
    if (before.ofAnybody() <= offset) {
      return;
    }
    long greatest = before.thatBinds(told.answer(), told.client());
    if (greatest > offset) {
      fell(bound, partition, offset, told.answer().atNanos(), greatest, findings);
    } else {
      findings.count("answers.stale");
    }
  }

  private static void atTheEnd(History history, Account account, Findings findings) {
    history.replay(operation -> {
      if (operation instanceof Answered answer) {
        account
            .partition(answer.partition())
            .ifPresent(partition -> answered(answer, partition, findings));
      } else if (operation instanceof Polled polled) {
        account
            .partition(polled.partition())
            .ifPresent(partition ->
                notAbove(
                    Bound.HIGH_WATERMARK,
                    polled.offset() + 1,
                    polled.atNanos(),
                    partition,
                    findings));
      }
    });
  }

  private static void answered(Answered answer, PartitionAccount partition, Findings findings) {
    notAbove(answer.bound(), answer.offset(), answer.atNanos(), partition, findings);
  }

  private static void notAbove(
      Bound bound, long seen, long atNanos, PartitionAccount partition, Findings findings) {
    long last =
        switch (bound) {
          case LOG_START -> partition.end().logStart();
          case HIGH_WATERMARK -> partition.end().highWatermark();
        };
    if (last < seen) {
      fell(bound, partition, last, atNanos, seen, findings);
    }
  }

  private static void fell(
      Bound bound,
      PartitionAccount partition,
      long offset,
      long atNanos,
      long before,
      Findings findings) {
    findings.add(
        bound == Bound.LOG_START ? Kind.LOG_START_FELL : Kind.WATERMARK_FELL,
        partition,
        OptionalLong.of(offset),
        OptionalLong.of(atNanos),
        () -> "was seen to be %d before".formatted(before));
  }
}
