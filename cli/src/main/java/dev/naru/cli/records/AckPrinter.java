package dev.naru.cli.records;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.json.Json;
import dev.naru.cli.json.JsonWriter;
import dev.naru.cli.output.OutputFormat;
import dev.naru.client.RecordAck;
import java.util.Optional;
import java.util.function.Function;

/** What produce prints for an acknowledgement. */
public final class AckPrinter {

  private AckPrinter() {}

  /** The line for each, or nothing at all. */
  public static Optional<Function<RecordAck, String>> of(Optional<OutputFormat> format) {
    return format.flatMap(chosen ->
        switch (chosen) {
          case TABLE -> Optional.empty();
          case NAME -> Optional.of(RecordAck::toString);
          case JSONL, JSON -> Optional.of(AckPrinter::json);
          case WIDE, YAML ->
              throw CommandFailure.usage("Expected an output of name or jsonl for produce");
        });
  }

  private static String json(RecordAck ack) {
    return JsonWriter.compact(
        Json.object()
            .with("topic", ack.topic())
            .with("partition", ack.partition())
            .with("offset", ack.hasOffset() ? Json.number(ack.offset()) : Json.none())
            .with("timestamp", ack.timestampMillis())
            .build());
  }
}
