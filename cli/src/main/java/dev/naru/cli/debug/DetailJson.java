package dev.naru.cli.debug;

import dev.naru.cli.json.Json;
import dev.naru.cli.json.JsonWriter;
import dev.naru.cli.output.Stdout;
import dev.naru.cli.records.JsonBytes;
import dev.naru.log.inspect.Detail;
import dev.naru.record.BatchHeader;
import dev.naru.record.Compression;
import dev.naru.record.Record;
import dev.naru.record.RecordHeader;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * What files hold, an object a line, told apart by {@code kind}: {@code file}, {@code batch},
 * {@code record}, {@code entry}, {@code line}, {@code note}, {@code damage} and {@code end}.
 */
public final class DetailJson implements Consumer<Detail> {

  /** Of a key or value. A longer one is cut, and its length is told. */
  private static final int BYTES_MAX = 64 << 10;

  private final Stdout stdout;
  private final UnaryOperator<String> path;
  private String file = "";

  /** Prints there, with files named by this. */
  public DetailJson(Stdout stdout, UnaryOperator<String> path) {
    this.stdout = stdout;
    this.path = path;
  }

  @Override
  public void accept(Detail detail) {
    stdout.line(
        JsonWriter.compact(
            switch (detail) {
              case Detail.Begins begins -> file(begins);
              case Detail.Batch batch -> batch(batch);
              case Detail.OneRecord(var record) -> record(record);
              case Detail.Entry entry -> entry(entry);
              case Detail.Line(var number, var text) ->
                  of("line", file).with("number", number).with("text", text).build();
              case Detail.Note(var where, var position, var text) ->
                  of("note", path.apply(where))
                      .with("position", position)
                      .with("message", text)
                      .build();
              case Detail.Fault(var where, var position, var reason) ->
                  of("damage", path.apply(where))
                      .with("position", position)
                      .with("message", reason)
                      .build();
              case Detail.Ends(var _, var totals) ->
                  of("end", file)
                      .with("items", totals.items())
                      .with("records", totals.records())
                      .with("damages", totals.faults())
                      .build();
            }));
  }

  private static Json.Fields of(String kind, String file) {
    return Json.object().with("kind", kind).with("file", file);
  }

  private Json file(Detail.Begins begins) {
    file = path.apply(begins.file());
    return of("file", file)
        .with("type", begins.kind().name().toLowerCase(Locale.ROOT))
        .with("bytes", begins.bytes())
        .build();
  }

  private Json batch(Detail.Batch batch) {
    BatchHeader header = batch.header();
    var fields =
        of("batch", file)
            .with("position", batch.position())
            .with("baseOffset", header.baseOffset())
            .with("lastOffset", header.lastOffset())
            .with("leaderEpoch", header.leaderEpoch())
            .with("recordCount", header.recordCount())
            .with("bytes", header.sizeInBytes())
            .with("attributes", header.attributes() & 0xffff)
            .with("codec", Json.orNone(header.compression().map(Compression::text).map(Json::text)))
            .with("timestampType", header.timestampType().name())
            .with("transactional", Json.bool(header.isTransactional()))
            .with("control", Json.bool(header.isControl()))
            .with("baseTimestamp", header.baseTimestamp())
            .with("maxTimestamp", header.maxTimestamp());
    header.deleteHorizon().ifPresent(horizon -> fields.with("deleteHorizon", horizon));
    return fields
        .with("producerId", header.producerId())
        .with("producerEpoch", header.producerEpoch())
        .with("baseSequence", header.baseSequence())
        .with("crc", "%08x".formatted(header.crc()))
        .with("crcRight", Json.bool(batch.isChecksumRight()))
        .build();
  }

  private Json record(Record record) {
    var fields =
        of("record", file).with("offset", record.offset()).with("timestamp", record.timestamp());
    bytes(fields, "key", record.key());
    bytes(fields, "value", record.value());
    return fields
        .with("headers", Json.array(record.headers().stream().map(DetailJson::header)))
        .build();
  }

  private static Json header(RecordHeader header) {
    String name = header.name();
    var fields = Json.object().with("name", name.substring(0, Math.min(name.length(), BYTES_MAX)));
    bytes(fields, "value", header.value());
    return fields.build();
  }

  private static void bytes(Json.Fields fields, String name, Optional<ByteBuffer> bytes) {
    JsonBytes.write(
        fields,
        name,
        bytes.map(all -> all.slice(all.position(), Math.min(all.remaining(), BYTES_MAX))));
    bytes
        .filter(all -> all.remaining() > BYTES_MAX)
        .ifPresent(all -> fields.with(name + "Bytes", all.remaining()));
  }

  private Json entry(Detail.Entry entry) {
    var fields = of("entry", file).with("position", entry.position());
    for (var field : entry.fields()) {
      String name = field.name().equals("kind") ? "entry" : field.name();
      fields.with(
          name.equals("position") ? "logPosition" : name,
          field.value() instanceof Long number
              ? Json.number(number)
              : Json.text(String.valueOf(field.value())));
    }
    return fields.build();
  }
}
