package dev.naru.cli.debug;

import dev.naru.cli.output.Stdout;
import dev.naru.cli.text.Printable;
import dev.naru.log.inspect.Detail;
import dev.naru.log.inspect.FileKind;
import dev.naru.record.BatchHeader;
import dev.naru.record.Compression;
import dev.naru.record.Record;
import dev.naru.record.RecordHeader;
import dev.naru.record.TimestampType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * What files hold, for people. Lines are printed as they come, so columns have a width that mostly
 * fits.
 */
public final class DetailTable implements Consumer<Detail> {

  private static final String COLUMNS = "%10s  %-19s %6s %7s %9s  %-6s  %-24s  %-24s  %-12s  %s";

  /** Further ones are counted. */
  private static final int HEADERS_MAX = 16;

  private final Stdout stdout;
  private final UnaryOperator<String> path;
  private FileKind kind = FileKind.UNKNOWN;
  private boolean hasHead;

  /** Prints there, with files named by this. */
  public DetailTable(Stdout stdout, UnaryOperator<String> path) {
    this.stdout = stdout;
    this.path = path;
  }

  @Override
  public void accept(Detail detail) {
    switch (detail) {
      case Detail.Begins begins -> begin(begins);
      case Detail.Batch batch -> print(batch);
      case Detail.OneRecord(var record) -> print(record);
      case Detail.Entry(var position, var fields) ->
          line(
              "%10d  %s"
                  .formatted(
                      position,
                      fields.stream()
                          .map(field -> field.name() + " " + field.value())
                          .collect(Collectors.joining("  "))));
      case Detail.Line(var number, var text) -> line("%10d  %s".formatted(number, text));
      case Detail.Note note -> line("note: " + place(note.file(), note.position(), note.text()));
      case Detail.Fault fault ->
          line("DAMAGED: " + place(fault.file(), fault.position(), fault.reason()));
      case Detail.Ends(var _, var totals) -> line(summary(totals));
    }
  }

  private void begin(Detail.Begins begins) {
    kind = begins.kind();
    hasHead = false;
    line("%s: %s, %,d bytes".formatted(path.apply(begins.file()), kind.text(), begins.bytes()));
  }

  private void print(Detail.Batch batch) {
    if (!hasHead) {
      hasHead = true;
      line(
          COLUMNS.formatted(
              "POSITION",
              "OFFSETS",
              "EPOCH",
              "RECORDS",
              "BYTES",
              "CODEC",
              "FIRST TIME",
              "LAST TIME",
              "CHECKSUM",
              "ATTRIBUTES"));
    }
    var header = batch.header();
    boolean hasFirstTime = !header.isHeaderOnly() && header.deleteHorizon().isEmpty();
    line(
        COLUMNS.formatted(
            batch.position(),
            header.baseOffset() + "-" + header.lastOffset(),
            header.leaderEpoch(),
            header.recordCount(),
            header.sizeInBytes(),
            header.compression().map(Compression::text).orElse("?"),
            hasFirstTime ? Times.of(header.baseTimestamp()) : "-",
            Times.of(header.maxTimestamp()),
            "%08x %s".formatted(header.crc(), batch.isChecksumRight() ? "ok" : "BAD"),
            attributes(batch)));
  }

  private static String attributes(Detail.Batch batch) {
    BatchHeader header = batch.header();
    var said = new ArrayList<String>();
    if (header.isHeaderOnly()) {
      said.add("no records left");
    }
    if (header.timestampType() == TimestampType.LOG_APPEND_TIME) {
      said.add("append time");
    }
    if (header.isTransactional()) {
      said.add("transactional");
    }
    if (header.isControl()) {
      said.add("control");
    }
    header.deleteHorizon().ifPresent(horizon -> said.add("delete horizon " + Times.of(horizon)));
    if (header.hasProducer()) {
      said.add(
          "producer %d/%d from %d"
              .formatted(header.producerId(), header.producerEpoch(), header.baseSequence()));
    }
    return said.isEmpty() ? "-" : String.join(", ", said);
  }

  private void print(Record record) {
    line(
        "%10s  %-19d %s  key %s  value %s%s"
            .formatted(
                "",
                record.offset(),
                Times.of(record.timestamp()),
                Excerpt.of(record.key()),
                Excerpt.of(record.value()),
                headers(record.headers())));
  }

  private static String headers(List<RecordHeader> headers) {
    if (headers.isEmpty()) {
      return "";
    }
    int more = headers.size() - HEADERS_MAX;
    return headers.stream()
        .limit(HEADERS_MAX)
        .map(header -> Excerpt.of(header.name()) + "=" + Excerpt.of(header.value()))
        .collect(Collectors.joining(", ", "  headers ", more > 0 ? " and " + more + " more" : ""));
  }

  private String place(String file, long position, String text) {
    return "%s, byte %d: %s".formatted(path.apply(file), position, text);
  }

  private String summary(Detail.Totals totals) {
    String state = totals.faults() == 0 ? "sound" : "%,d times DAMAGED".formatted(totals.faults());
    return switch (kind) {
      case SEGMENT ->
          "%s, %s, offsets %d to %d: %s"
              .formatted(
                  count(totals.items(), "batch", "batches"),
                  count(totals.records(), "record", "records"),
                  totals.baseOffset(),
                  totals.endOffset(),
                  state);
      case OFFSET_INDEX, TIME_INDEX, JOURNAL ->
          count(totals.items(), "entry", "entries") + ": " + state;
      case SEAL, SMALL_FILE -> state;
      case LOCK, BALLAST, UNKNOWN -> "what it holds means nothing";
    };
  }

  private static String count(long number, String one, String many) {
    return "%,d %s".formatted(number, number == 1 ? one : many);
  }

  private void line(String text) {
    stdout.line(Printable.of(text.stripTrailing()));
  }
}
