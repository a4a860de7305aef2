package dev.naru.cli.output;

import dev.naru.cli.json.Json;
import dev.naru.client.admin.OperationDescription;
import dev.naru.client.admin.PartitionMove;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Operations, and what they move. */
public final class OperationText {

  private OperationText() {}

  /** {@code operations/UUID}. */
  public static String name(OperationDescription operation) {
    return "operations/" + operation.id();
  }

  /** An {@code Operation}. */
  public static Json json(OperationDescription operation) {
    var fields =
        Json.object()
            .with("name", name(operation))
            .with("kind", "KIND_" + operation.kind())
            .with("state", "STATE_" + operation.state())
            .with("target", target(operation))
            .with("createTime", operation.created().toString());
    operation.ended().ifPresent(ended -> fields.with("endTime", ended.toString()));
    fields
        .with("done", Json.int64(operation.done()))
        .with("total", Json.int64(operation.total()))
        .with("unit", operation.unit())
        .with("waitsFor", operation.waitsFor().orElse(""))
        .with("moves", Json.array(operation.moves().stream().map(OperationText::json)));
    operation.bytesPerSecond().ifPresent(bytes -> fields.with("bytesPerSecond", Json.int64(bytes)));
    return fields.build();
  }

  private static Json json(PartitionMove move) {
    return Json.object()
        .with("topic", "topics/" + move.partition().topic())
        .with("partition", move.partition().partition())
        .with("from", Json.numbers(move.from()))
        .with("to", Json.numbers(move.to()))
        .with("isr", Json.numbers(move.isr()))
        .build();
  }

  /** Many of them. */
  public static List<String> table(List<OperationDescription> operations) {
    var table = new Table("OPERATION", "KIND", "TARGET", "STATE", "DONE", "CREATED", "WAITS FOR");
    operations.forEach(each ->
        table.row(
            each.id(),
            word(each.kind()),
            target(each).isEmpty() ? "-" : target(each),
            each.state(),
            progress(each),
            each.created(),
            each.waitsFor().orElse("-")));
    return table.lines();
  }

  /** One of them, with what it moves. */
  public static List<String> text(OperationDescription operation) {
    var lines =
        new ArrayList<>(
            new Table("OPERATION", operation.id().toString())
                .row("kind", word(operation.kind()))
                .row("target", target(operation).isEmpty() ? "-" : target(operation))
                .row("state", operation.state())
                .row("done", progress(operation))
                .row("created", operation.created())
                .row("ended", operation.ended().map(Object::toString).orElse("-"))
                .row("waits for", operation.waitsFor().orElse("-"))
                .lines());
    if (!operation.moves().isEmpty()) {
      lines.add("");
      lines.addAll(moves(operation));
    }
    return lines;
  }

  /** What it moves. */
  public static List<String> moves(OperationDescription operation) {
    var table = new Table("PARTITION", "FROM", "TO", "ISR");
    operation
        .moves()
        .forEach(move ->
            table.row(
                move.partition(),
                Table.list(move.from()),
                Table.list(move.to()),
                Table.list(move.isr())));
    return table.lines();
  }

  /** Such as {@code 3 of 12 partitions}. */
  public static String progress(OperationDescription operation) {
    return "%d of %d %s".formatted(operation.done(), operation.total(), operation.unit());
  }

  private static String target(OperationDescription operation) {
    return operation.node().isPresent() ? "nodes/" + operation.node().getAsInt() : "";
  }

  private static String word(OperationDescription.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
