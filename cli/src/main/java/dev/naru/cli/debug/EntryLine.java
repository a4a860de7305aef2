package dev.naru.cli.debug;

import dev.naru.cli.json.JsonWriter;
import dev.naru.cli.text.Printable;
import dev.naru.metadata.ratis.InspectedEntry;
import dev.naru.metadata.ratis.InspectedEntry.Content;

/** An entry of the metadata log on one line, for people. */
public final class EntryLine {

  private static final String COLUMNS = "%10s  %6s  %s";

  private EntryLine() {}

  /** What stands above the entries. */
  public static String head() {
    return COLUMNS.formatted("INDEX", "TERM", "COMMAND");
  }

  /** One of them. */
  public static String of(InspectedEntry entry) {
    return Printable.of(
        COLUMNS.formatted(entry.at().index(), entry.at().term(), text(entry.content())));
  }

  private static String text(Content content) {
    return switch (content) {
      case Content.Command(var envelope) ->
          JsonWriter.compact(RecordJson.of((Record) envelope.command()))
              + " of node "
              + envelope.submitter()
              + (envelope.principal().isEmpty() ? "" : " for " + envelope.principal());
      case Content.Members(var voters, var listeners) ->
          "members: voters " + voters + ", listeners " + listeners;
      case Content.Committed(long index) -> "committed up to " + index;
      case Content.Unreadable(String reason) -> "UNREADABLE: " + reason;
    };
  }
}
