package dev.naru.cli.salvage;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.json.Json;
import dev.naru.cli.json.JsonWriter;
import dev.naru.cli.output.OutputFormat;
import dev.naru.cli.output.Stdout;
import dev.naru.cli.salvage.Republishing.Count;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.SalvageEntry;

/**
 * What stdout gets: which offsets records got as they get them, and at the end what became of all.
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
              .with("fromOffset", run.from())
              .with("toOffset", run.to())
              .with("records", run.records())
              .build());
    } else {
      long more = run.records() - 1;
      stdout.line(
          "offsets %d-%d are now %s@%d-%d"
              .formatted(run.from(), run.from() + more, target, run.to(), run.to() + more));
    }
    stdout.flush();
  }

  /** That was all. */
  public void end(SalvageEntry entry, TopicPartition target, Count count, boolean isDryRun) {
    if (isJson) {
      line(
          Json.object()
              .with("kind", "summary")
              .with("name", entry.name())
              .with("topic", target.topic())
              .with("partition", target.partition())
              .with("dryRun", Json.bool(isDryRun))
              .with("records", count.taken())
              .with("held", count.held())
              .with("undecided", count.undecided())
              .with("controlBatches", count.controlBatches())
              .with("damagedBatches", count.damagedBatches())
              .with("strayBytes", count.strayBytes())
              .build());
    } else if (isDryRun) {
      stdout.line("%,d records of %s would go to %s".formatted(count.taken(), entry.id(), target));
    }
    stdout.flush();
  }

  private void line(Json json) {
    stdout.line(JsonWriter.compact(json));
  }

  /** What became of all of it, for people. */
  public static String sentence(Count count, boolean isDryRun) {
    var text = new StringBuilder();
    text.append("%,d records ".formatted(count.taken()));
    text.append(isDryRun ? "to write" : "written");
    text.append(", %,d left out that the log still holds".formatted(count.held()));
    if (count.undecided() > 0) {
      text.append(
          ", %,d left out at offsets that the log no longer keeps".formatted(count.undecided()));
    }
    if (count.controlBatches() > 0) {
      text.append(", %,d marks of brokers left out".formatted(count.controlBatches()));
    }
    if (count.damagedBatches() > 0) {
      text.append(", %,d DAMAGED batches left out".formatted(count.damagedBatches()));
    }
    if (count.strayBytes() > 0) {
      text.append(", %,d bytes left out that are no batch".formatted(count.strayBytes()));
    }
    return text.toString();
  }
}
