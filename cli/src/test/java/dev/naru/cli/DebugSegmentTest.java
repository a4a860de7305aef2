package dev.naru.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.cli.json.Json;
import dev.naru.cli.json.JsonReader;
import dev.naru.cli.output.Notes;
import dev.naru.cli.output.Stdout;
import dev.naru.log.LogFixture;
import dev.naru.log.PartitionLog;
import dev.naru.log.disk.NioDisk;
import dev.naru.log.store.LogStore;
import dev.naru.record.BatchBuilder;
import dev.naru.record.BatchBytes;
import dev.naru.record.Compression;
import dev.naru.record.RecordHeader;
import dev.naru.testing.Golden;
import dev.naru.types.LeaderEpoch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DebugSegmentTest {

  private static final String FIRST = "00000000000000000000.log";

  private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
  private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();

  @TempDir private Path data = Path.of("");

  @Test
  void printsWhatAllFilesOfADirectoryHold() {
    write();

    int status = run("--records", "--verify", data.toString());

    assertThat(errors()).isEmpty();
    assertThat(status).isZero();
    Golden.of(DebugSegmentTest.class).assertText("debug-segment.txt", masked());
  }

  @Test
  void printsAnObjectALineForPrograms() {
    write();

    int status = run("--records", "-o", "json", log().resolve(FIRST).toString());

    assertThat(status).isZero();
    var kinds = shown().lines().map(JsonReader::read).map(DebugSegmentTest::kind).toList();
    assertThat(kinds).startsWith("file", "batch", "record").endsWith("end");
    Golden.of(DebugSegmentTest.class).assertText("debug-segment.jsonl", masked());
  }

  private static String kind(Json line) {
    return ((Json.Text) ((Json.Obj) line).field("kind").orElseThrow()).value();
  }

  @Test
  void passesNothingToTheTerminalThatItWouldObey() {
    String nasty = "\u001b[31m\u009b2J\u202e\u0007\r\n";
    var builder = new BatchBuilder(1 << 16);
    builder.append(
        1,
        nasty.getBytes(UTF_8),
        new byte[] {(byte) 0x9b, 0x1b, 0x5b},
        List.of(RecordHeader.of(nasty, ByteBuffer.wrap(nasty.getBytes(UTF_8)))));
    write(builder.build(Compression.NONE));

    for (String output : List.of("table", "jsonl")) {
      stdout.reset();
      run("--records", "-o", output, data.toString());

      assertThat(shown().chars())
          .noneMatch(c -> c != '\n' && Character.isISOControl(c))
          .noneMatch(c -> Character.getType(c) == Character.FORMAT);
    }
  }

  @Test
  void cutsWhatIsLong() {
    write(LogFixture.batch(1, 200_000, 1));

    run("--records", data.toString());
    assertThat(shown()).contains("… of 200,000 bytes").hasSizeLessThan(5_000);

    stdout.reset();
    run("--records", "-o", "jsonl", data.toString());
    assertThat(shown()).contains("\"valueBytes\":200000");
  }

  @Test
  void endsWithOneAndThePlaceOfTheDamage() throws IOException {
    write();
    var file = log().resolve(FIRST);
    byte[] bytes = Files.readAllBytes(file);
    bytes[80] ^= 1;
    Files.write(file, bytes);

    int status = run("--verify", file.toString());

    assertThat(status).isEqualTo(1);
    assertThat(errors())
        .contains("error: CORRUPT_LOG: ", FIRST + " is damaged at byte 0: Expected the checksum");
    assertThat(shown()).contains("BAD", "DAMAGED: ");
  }

  @Test
  void tellsOfAFileThatWasCutInTheMiddle() throws IOException {
    write();
    var copy = Files.createDirectory(data.resolve("copy")).resolve(FIRST);
    byte[] bytes = Files.readAllBytes(log().resolve(FIRST));
    Files.write(copy, Arrays.copyOf(bytes, bytes.length - 7));

    int status = run(copy.toString());

    assertThat(status).isEqualTo(1);
    assertThat(errors()).contains("is damaged at byte ", "Expected a batch of 61 to ");
  }

  @Test
  void saysThatAnEmptyFileHoldsNothing() throws IOException {
    var copy = Files.createFile(data.resolve(FIRST));

    int status = run("--verify", copy.toString());

    assertThat(status).isZero();
    assertThat(shown()).contains("segment, 0 bytes", "0 batches, 0 records");
  }

  @Test
  void refusesWhatIsNotOurs() throws IOException {
    var notes = Files.writeString(data.resolve("notes.txt"), "not ours");

    assertThat(run(notes.toString())).isEqualTo(2);
    assertThat(errors()).contains("Expected a file that a node writes, such as ");
    assertThat(run(data.resolve("missing").toString())).isEqualTo(2);
    assertThat(errors()).contains("Expected a file, but there is no ");
    var other = Files.createDirectory(data.resolve("other"));
    assertThat(run(other.toString())).isEqualTo(2);
    assertThat(errors()).contains("there is no file of a node in " + other);
    assertThat(run("--from", "-1", notes.toString())).isEqualTo(2);
    assertThat(run("-o", "yaml", notes.toString())).isEqualTo(2);
    assertThat(errors()).contains("Expected an output of table or jsonl");
  }

  @Test
  void writesNothingAndRunsBesideANode() throws IOException {
    try (var disk = NioDisk.at(data)) {
      LogFixture.format(disk);
      var store = LogFixture.open(disk); // holds the lock
      fill(store);
      var before = everything();

      int status = run("--records", "--verify", data.toString());

      assertThat(status).isZero();
      assertThat(everything()).isEqualTo(before);
      store.close();
    }
  }

  private Map<Path, String> everything() throws IOException {
    var found = new TreeMap<Path, String>();
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        FileTime changed = Files.getLastModifiedTime(file);
        found.put(
            file,
            changed
                + (Files.isDirectory(file)
                    ? ""
                    : new String(Files.readAllBytes(file), ISO_8859_1)));
      }
    }
    return found;
  }

  @Test
  void needsNoMoreMemoryForALargeFile() throws IOException {
    var file = data.resolve(FIRST);
    byte[] header = new byte[61];
    ByteBuffer.wrap(header)
        .putInt(8, Integer.MAX_VALUE - 12)
        .put(16, (byte) 2)
        .putInt(57, Integer.MAX_VALUE);
    Files.write(file, header);
    try (var sparse = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
      sparse.position(300L << 20).write(ByteBuffer.allocate(1));
    }

    int status = run("--records", file.toString());

    assertThat(status).isEqualTo(1);
    assertThat(errors()).contains("is damaged at byte 0: Expected a batch of 61 to 314572801");
  }

  private void write(BatchBytes... batches) {
    try (var disk = NioDisk.at(data)) {
      LogFixture.format(disk);
      var store = LogFixture.open(disk);
      if (batches.length == 0) {
        fill(store);
      } else {
        var log = store.create(LogFixture.partition(0), LogFixture.SMALL);
        for (BatchBytes batch : batches) {
          log.appendAsLeader(batch, new LeaderEpoch(1), LogFixture.NOW_MILLIS);
        }
        LogFixture.force(store, log);
      }
      store.close();
    }
  }

  /** A log of two segments, with a bit of everything. */
  private static void fill(LogStore store) {
    PartitionLog log = store.create(LogFixture.partition(0), LogFixture.SMALL);
    LogFixture.append(log, 2, 1);
    var builder = new BatchBuilder(1 << 16);
    builder.append(
        LogFixture.NOW_MILLIS,
        "a \"key\"".getBytes(UTF_8),
        null,
        List.of(
            RecordHeader.of("pier", ByteBuffer.wrap("3".getBytes(UTF_8))),
            RecordHeader.withoutValue("late")));
    builder.append(LogFixture.NOW_MILLIS + 5, null, new byte[] {(byte) 0xff, 0}, List.of());
    log.appendAsLeader(builder.build(Compression.ZSTD), new LeaderEpoch(2), LogFixture.NOW_MILLIS);
    log.appendAsLeader(
        LogFixture.batch(1, 1_900, LogFixture.NOW_MILLIS + 9),
        new LeaderEpoch(2),
        LogFixture.NOW_MILLIS);
    LogFixture.append(log, 3, 2);
    LogFixture.force(store, log);
    log.noteHighWatermark(5);
    store.checkpointHighWatermarks();
  }

  private Path log() {
    return data.resolve(LogFixture.partition(0).toString());
  }

  private int run(String... words) {
    var notes = new Notes(new PrintStream(stderr, true, UTF_8));
    var invocation = new Invocation(Map.of(), new Stdout(stdout), notes);
    var all = Stream.concat(Stream.of("debug", "segment"), Stream.of(words));
    return new CommandTree(invocation).run(all.toArray(String[]::new));
  }

  /** Without where it is, and the size of the lock, which holds a process id. */
  private String masked() {
    return shown()
        .replace(data.toString(), "DATA")
        .replaceAll("lock, [0-9]+ bytes", "lock, N bytes");
  }

  private String shown() {
    return stdout.toString(UTF_8);
  }

  private String errors() {
    return stderr.toString(UTF_8);
  }
}
