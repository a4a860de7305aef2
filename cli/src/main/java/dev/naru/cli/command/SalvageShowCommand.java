package dev.naru.cli.command;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.debug.DetailJson;
import dev.naru.cli.debug.DetailTable;
import dev.naru.cli.json.Json;
import dev.naru.cli.json.JsonWriter;
import dev.naru.cli.salvage.SalvageIds;
import dev.naru.cli.salvage.SalvagePages;
import dev.naru.cli.salvage.SalvageText;
import dev.naru.cli.salvage.Showing;
import dev.naru.cli.text.Printable;
import dev.naru.client.admin.SalvageEntry;
import dev.naru.log.inspect.Detail;
import dev.naru.types.ErrorCode;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code naru salvage show}. Fails if something of it is damaged other than the end of a torn tail,
 * after all of it is printed.
 */
@Command(
    name = "show",
    description = {
      "Prints what an entry holds, batch by batch, as naru debug segment does.",
      "Reads from the node that has it, a page at a time, and changes nothing. Fails if something is"
          + " damaged; that a torn tail ends in the middle of a batch is no failure."
    },
    footer = {
      "",
      "Examples:",
      "  naru salvage show 1/0a1b2c3d-7",
      "  naru salvage show 1/0a1b2c3d-7 --records --max 20",
      "  naru salvage show 1/0a1b2c3d-7 --records -o jsonl"
    })
public final class SalvageShowCommand implements Callable<Integer> {

  @Parameters(paramLabel = "ID", description = "As naru salvage list prints it.")
  private String id = "";

  @Option(names = "--records", description = "The records of each batch, too.")
  private boolean isWithRecords;

  @Option(
      names = "--max",
      paramLabel = "N",
      description = "Stop after so many batches, or records with --records (all).")
  private Optional<Long> most = Optional.empty();

  private final Invocation invocation;

  /** Belongs to this call. */
  public SalvageShowCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    var wanted = SalvageIds.parse(id);
    if (most.isPresent() && most.get() < 0) {
      throw CommandFailure.usage("Expected --max of at least 0, but was " + most.get());
    }
    boolean isTable = isTable();
    try (var naru = invocation.open()) {
      var salvage = naru.admin().salvage();
      var entry = wanted.in(invocation.await(salvage.list(wanted.node())));
      head(entry, isTable);
      Consumer<Detail> printer =
          isTable
              ? new DetailTable(invocation.stdout(), file -> entry.id() + "/" + file)
              : new DetailJson(invocation.stdout(), file -> entry.id() + "/" + file);
      var showing =
          new Showing(isWithRecords, entry.reason(), most.orElse(Long.MAX_VALUE), printer);
      var count = showing.run(SalvagePages.of(invocation, salvage, entry));
      if (isTable) {
        invocation.stdout().line(count.text());
      }
      invocation.stdout().flush();
      if (count.damages() > 0 && !count.isTornEnd()) {
        throw CommandFailure.of(
            ErrorCode.CORRUPT_LOG,
            "Expected sound batches, but of %s %d are damaged"
                .formatted(entry.id(), count.damages()));
      }
      return ExitStatus.DONE;
    }
  }

  private boolean isTable() {
    return switch (invocation.output()) {
      case TABLE -> true;
      case JSON, JSONL -> false;
      default -> throw CommandFailure.usage("Expected an output of table or jsonl");
    };
  }

  private void head(SalvageEntry entry, boolean isTable) {
    if (!isTable) {
      var json = Json.object().with("kind", "entry").with("entry", SalvageText.json(entry)).build();
      invocation.stdout().line(JsonWriter.compact(json));
      return;
    }
    SalvageText.table(List.of(entry)).forEach(invocation.stdout()::line);
    line("why: " + SalvageText.meaning(entry.reason()));
    line("     " + SalvageText.sentence(entry));
  }

  private void line(String text) {
    invocation.stdout().line(Printable.of(text));
  }
}
