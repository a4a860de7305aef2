package dev.naru.cli.salvage;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.json.Json;
import dev.naru.cli.json.JsonWriter;
import dev.naru.cli.output.OutputFormat;
import dev.naru.cli.output.Stdout;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.SalvageEntry;

/**
 * What stdout gets: which offsets records got as they get them, and at the end what became of all.
 * In JSON offsets and 64-bit counts are text, as in the messages of the admin API.
 */
public final class RepublishReport {

  private final boolean isJson;
  private final Stdout stdout;

  private RepublishReport(boolean isJson, Stdout stdout) {
    this.isJson = isJson;
    this.stdout = stdout;
  }

  /** In this form; lines of JSON, or lines for people. */
  public static RepublishReport of(OutputFormat format, Stdout stdout) {
    return switch (format) {
      case TABLE -> new RepublishReport(false, stdout);
      case JSON, JSONL -> new RepublishReport(true, stdout);
      default -> throw CommandFailure.usage("Expected an output of table or jsonl");
    };
  }

  /** Records that were written one after the other. */
  public void run(TopicPartition target, Rewriting.Run run) {
    if (isJson) {
      line(
          Json.object()
              .with("kind", "run")
              .with("topic", target.topic())
              .with("partition", target.partition())
              .with("fromOffset", Json.int64(run.from()))
              .with("newOffset", Json.int64(run.to()))
              .with("records", Json.int64(run.records()))
              .build());
    } else {
      long more = run.records() - 1;
      stdout.line(
          "offsets %d-%d are now %s@%d-%d"
              .formatted(run.from(), run.from() + more, target, run.to(), run.to() + more));
    }
    stdout.flush();
  }

  /** What would be written. */
  public void wouldBe(SalvageEntry entry, TopicPartition target, RepublishCount count) {
    if (isJson) {
      line(summary(entry, target, count).with("dryRun", Json.bool(true)).build());
    } else {
      stdout.line(
          "%s of %s would go to %s"
              .formatted(SalvageText.counted(count.taken(), "record"), entry.id(), target));
    }
    stdout.flush();
  }

  /**
   * That was all.
   *
   * @param isComplete whether the pass came to the end of the entry
   */
  public void end(
      SalvageEntry entry,
      TopicPartition target,
      RepublishCount count,
      RewriteAccount account,
      boolean isComplete) {
    if (isJson) {
      var fields =
          summary(entry, target, count)
              .with("dryRun", Json.bool(false))
              .with("complete", Json.bool(isComplete))
              .with("inDoubt", Json.int64(account.inDoubt()));
      if (!isComplete) {
        account.atFirstOpen().ifPresent(place -> fields.with("firstOpen", place.toString()));
        account.behindAll().ifPresent(place -> fields.with("behindAll", place.toString()));
      }
      line(fields.build());
    }
    stdout.flush();
  }

  private static Json.Fields summary(
      SalvageEntry entry, TopicPartition target, RepublishCount count) {
    var leftOut = count.leftOut();
    return Json.object()
        .with("kind", "summary")
        .with("name", entry.name())
        .with("topic", target.topic())
        .with("partition", target.partition())
        .with("records", Json.int64(count.taken()))
        .with("unproven", Json.int64(count.unproven()))
        .with("held", Json.int64(leftOut.held()))
        .with("undecided", Json.int64(leftOut.undecided()))
        .with("pending", Json.int64(leftOut.pending()))
        .with("passedOver", Json.int64(leftOut.passedOver()))
        .with("controlBatches", Json.int64(leftOut.controlBatches()))
        .with("transactionalBatches", Json.int64(leftOut.transactionalBatches()))
        .with("damagedBatches", Json.int64(count.damage().batches()))
        .with("strayBytes", Json.int64(count.damage().strayBytes()));
  }

  private void line(Json json) {
    stdout.line(JsonWriter.compact(json));
  }
}
