package dev.naru.log.store;

import static dev.naru.log.LogFixture.NOW_MILLIS;
import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.LogConfig;
import dev.naru.log.LogFixture;
import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.segment.IndexEntry;
import dev.naru.record.TimestampType;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Holds the page on the data directory against what is written: the layouts it draws are taken from
 * it, laid over the files of an example, and must give the example that the page shows. So a field
 * that moves, and a file that is new, has to be drawn. {@code -Dgolden.rewrite} writes the example
 * anew.
 */
class LogDirectoryPageTest {

  private static final Path PAGE = Path.of("..", "docs", "formats", "log-directory.md");
  private static final long PRODUCER = 7L << 24 | 1;
  private static final String FIRST = "00000000000000000000";

  /** {@code 8 topic id (16)}. */
  private static final Pattern FIELD = Pattern.compile("(\\d+) +(\\S[^()]*?) \\((\\d+)\\)");

  private final CrashableDisk disk = LogFixture.formatted();

  private record Field(int at, String label, int bytes) {}

  @Test
  void drawsEveryByteOfEveryFile() throws IOException {
    String page = Files.readString(PAGE);
    write();

    var example = new StringBuilder();
    for (String name : disk.files("")) {
      if (!name.endsWith(".log")) { // the page on the record batch shows one
        example.append(name.replace(partition(0).toString(), "<topic id>-0")).append('\n');
        example.append(content(page, name)).append('\n');
      }
    }

    String block = "```\n" + example.toString().stripTrailing() + "\n```\n";
    if (System.getProperty("golden.rewrite") != null) {
      int shown = page.indexOf("```\n", page.indexOf("## An example"));
      Files.writeString(
          PAGE,
          page.substring(0, shown) + block + page.substring(page.indexOf("```\n", shown + 4) + 4));
    } else {
      assertThat(page).contains(block);
    }
  }

  @Test
  void drawsRecordsOfTheJournalWithoutAGap() throws IOException {
    String page = Files.readString(PAGE);

    assertThat(bytes(layout(page, "16 records"))).isEqualTo(JournalFile.HEAD_BYTES);
    assertThat(bytes(layout(page, "kind (4)"))).isEqualTo(JournalRecord.BYTES);
    assertThat(bytes(layout(page, "0 base offset"))).isEqualTo(IndexEntry.BYTES);
    assertThat(bytes(layout(page, "0 timestamp"))).isEqualTo(IndexEntry.BYTES);
  }

  /** A bit of everything: two segments, indexes with an entry, a producer, a cut, a clean stop. */
  private void write() {
    var store = LogFixture.open(disk);
    store.directories().getFirst().noteNodeEpoch(new NodeEpoch(7));
    var log = store.create(partition(0), new LogConfig(9_800, TimestampType.CREATE_TIME));
    for (int i = 0; i < 2; i++) {
      var large = LogFixture.batch(2, 2_400, NOW_MILLIS + i * 1_000L);
      log.appendAsLeader(large, new LeaderEpoch(1), NOW_MILLIS);
    }
    log.appendAsLeader(LogFixture.numbered(2, PRODUCER, 0), new LeaderEpoch(3), NOW_MILLIS);
    LogFixture.append(log, 2, 4);
    LogFixture.force(store, log);
    log.noteHighWatermark(6);
    log.noteAgreed(new LeaderEpoch(3));
    log.truncateTo(6, "its leader has other records from there on");
    store.closeCleanly(new NodeEpoch(7));
  }

  private String content(String page, String name) {
    byte[] bytes = disk.bytes(name);
    String last = name.substring(name.lastIndexOf('/') + 1);
    return switch (last) {
      case "durable-points" ->
          laidOver(bytes, 0, layout(page, "16 records"))
              + each(bytes, JournalFile.HEAD_BYTES, layout(page, "kind (4)"));
      case FIRST + ".index" -> each(bytes, 0, layout(page, "0 base offset"));
      case FIRST + ".timeindex" -> each(bytes, 0, layout(page, "0 timestamp"));
      default -> new String(bytes, StandardCharsets.UTF_8);
    };
  }

  private static String each(byte[] bytes, int from, List<Field> layout) {
    var all = new StringBuilder();
    for (int at = from; at < bytes.length; at += bytes(layout)) {
      all.append(laidOver(bytes, at, layout));
    }
    return all.toString();
  }

  private static String laidOver(byte[] bytes, int from, List<Field> layout) {
    var lines = new StringBuilder();
    for (Field field : layout) {
      int at = from + field.at();
      String hex = HexFormat.ofDelimiter(" ").formatHex(bytes, at, at + field.bytes());
      String value = value(ByteBuffer.wrap(bytes, at, field.bytes()), field);
      lines.append("%03x  %-47s  %s%s%n".formatted(at, hex, field.label(), value));
    }
    return lines.toString();
  }

  private static String value(ByteBuffer bytes, Field field) {
    boolean isNumber = !field.label().matches(".*(CRC|check|sum|zero|version|NARU).*");
    return switch (isNumber ? field.bytes() : 0) {
      case Integer.BYTES -> " = " + bytes.getInt();
      case Long.BYTES -> " = " + bytes.getLong();
      default -> "";
    };
  }

  /** The block of the page in which this is drawn. */
  private static List<Field> layout(String page, String drawn) {
    int inside = page.indexOf(drawn);
    assertThat(inside).as(drawn).isPositive();
    int start = page.lastIndexOf("```\n", inside) + 4;
    String line = page.substring(start, page.indexOf("```", inside));
    var fields = new ArrayList<Field>();
    var matcher = FIELD.matcher(line);
    int end = 0;
    while (matcher.find()) {
      var field =
          new Field(
              Integer.parseInt(matcher.group(1)),
              matcher.group(2),
              Integer.parseInt(matcher.group(3)));
      assertThat(field.at()).as(field.label()).isEqualTo(end);
      end += field.bytes();
      fields.add(field);
    }
    return fields;
  }

  private static int bytes(List<Field> layout) {
    return layout.stream().mapToInt(Field::bytes).sum();
  }
}
