package dev.naru.log.inspect;

import static dev.naru.log.LogFixture.NOW_MILLIS;
import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.LogConfig;
import dev.naru.log.LogFixture;
import dev.naru.log.NumberedBatches;
import dev.naru.log.PartitionLog;
import dev.naru.log.disk.ChecksummedText;
import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.disk.PowerLoss;
import dev.naru.log.store.LogStore;
import dev.naru.record.BatchBytes;
import dev.naru.record.BatchHeader;
import dev.naru.record.BatchSieve;
import dev.naru.record.Compression;
import dev.naru.record.TimestampType;
import dev.naru.testing.Seeds;
import dev.naru.types.LeaderEpoch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class InspectionTest {

  private static final Wanted ALL = new Wanted(true, true, 0);
  private static final String LOG = partition(0).toString();
  private static final String FIRST = LOG + "/00000000000000000000";
  private static final LogConfig SMALL = new LogConfig(6_000, TimestampType.CREATE_TIME);

  private final CrashableDisk disk = LogFixture.formatted();
  private final List<Detail> told = new ArrayList<>();

  @Test
  void tellsOfEachBatchAndRecordInItsPlace() {
    write(3, Compression.NONE);

    inspect(new Wanted(true, false, 0), FIRST + ".log");

    assertThat(all(Detail.Batch.class)).extracting(Detail.Batch::position).startsWith(0L);
    assertThat(all(Detail.Batch.class)).allMatch(Detail.Batch::isChecksumRight);
    assertThat(all(Detail.OneRecord.class))
        .extracting(one -> one.record().offset())
        .containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
    assertThat(all(Detail.Ends.class))
        .containsExactly(new Detail.Ends(FIRST + ".log", new Detail.Totals(3, 6, 0, 6, 0)));
  }

  @Test
  void leavesOutWhatLiesBelow() {
    write(3, Compression.NONE);

    inspect(new Wanted(true, false, 3), FIRST + ".log");

    assertThat(all(Detail.Batch.class))
        .extracting(batch -> batch.header().baseOffset())
        .containsExactly(2L, 4L);
    assertThat(all(Detail.OneRecord.class))
        .extracting(one -> one.record().offset())
        .containsExactly(3L, 4L, 5L);
  }

  @Test
  void findsNothingWrongInWhateverALogGoesThrough() {
    Seeds.forEach(
        150,
        (seed, random) -> {
          var own = LogFixture.formatted();
          var store = LogFixture.open(own);
          live(store, random);
          if (random.nextBoolean()) {
            LogFixture.force(store, store.log(partition(0)).orElseThrow());
          }

          assertThat(faultsOf(own, "")).isEmpty();
        });
  }

  private static void live(LogStore store, RandomGenerator random) {
    var log = store.create(partition(0), SMALL);
    var numbered = new NumberedBatches(random);
    int epoch = 1;
    for (int i = random.nextInt(60); i > 0; i--) {
      epoch += random.nextInt(8) == 0 ? 1 : 0;
      switch (random.nextInt(12)) {
        case 0 -> LogFixture.force(store, log);
        case 1 -> store.checkpointHighWatermarks();
        case 2 -> cut(log, random);
        case 3 -> store.sweep();
        case 4, 5, 6 -> {
          numbered.goOnAt(log);
          var batch = numbered.batch(3, random.nextInt(800), NOW_MILLIS, Compression.NONE);
          log.appendAsLeader(batch, new LeaderEpoch(epoch), NOW_MILLIS);
        }
        default -> log.appendAsLeader(batch(random), new LeaderEpoch(epoch), NOW_MILLIS);
      }
    }
  }

  private static BatchBytes batch(RandomGenerator random) {
    var codecs = List.of(Compression.values());
    return LogFixture.batch(
        random.nextInt(1, 9),
        random.nextInt(800),
        NOW_MILLIS + random.nextInt(1_000),
        codecs.get(random.nextInt(codecs.size())));
  }

  private static void cut(PartitionLog log, RandomGenerator random) {
    if (random.nextInt(4) == 0) {
      log.startOver(random.nextLong(100), "test");
    } else if (log.end() > log.start()) {
      var slice = log.view().read(random.nextLong(log.start(), log.end()), 1, log.end());
      log.truncateTo(slice.batches().header().baseOffset(), "test");
    }
  }

  @Test
  void findsEveryBitThatFlipsBelowTheDurableEnd() {
    write(40, Compression.NONE);
    var random = Seeds.random(1);
    for (String name : disk.files("")) {
      byte[] sound = disk.bytes(name);
      if (isCertain(name)) {
        for (int i = 0; i < 60; i++) {
          byte[] flipped = sound.clone();
          flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
          disk.replace(name, flipped);

          assertThat(faultsOf(disk, "")).as(name).isNotEmpty();
        }
        disk.replace(name, sound);
      }
    }
    assertThat(faultsOf(disk, "")).isEmpty();
  }

  /**
   * Where a flip is no damage: the end of a journal may be torn, an index of the active segment is
   * made anew, and a time that is too late in an index only makes a search longer.
   */
  private static boolean isCertain(String name) {
    return !name.equals("durable-points")
        && !name.equals("naru.lock")
        && !name.endsWith(".timeindex")
        && (!name.endsWith(".index") || name.startsWith(FIRST));
  }

  @Test
  void findsWhatIsMissingOrInTheWrongPlace() {
    write(40, Compression.NONE);
    var segments = disk.files(LOG).stream().filter(name -> name.endsWith(".log")).toList();
    assertThat(segments).hasSizeGreaterThan(2);
    byte[] first = disk.bytes(segments.get(0));
    byte[] second = disk.bytes(segments.get(1));

    expectFault(segments.get(1), Arrays.copyOf(second, second.length - 1), "as sealed");
    expectFault(segments.get(1), new byte[0], "as sealed");
    expectFault(segments.get(1), first, "Expected a batch at offset");
    expectFault(
        segments.getLast(),
        Arrays.copyOf(disk.bytes(segments.getLast()), 10),
        "Expected a batch header");
    disk.lose(segments.get(1));
    assertThat(faultsOf(disk, "")).anyMatch(reason -> reason.contains("Expected a segment at"));
    disk.replace(segments.get(1), second);
    disk.lose(segments.getFirst());
    assertThat(faultsOf(disk, ""))
        .anyMatch(reason -> reason.contains("Expected a segment that holds offset 0"));
  }

  @Test
  void findsALogWhoseDirectoryIsGone() {
    write(3, Compression.NONE);
    disk.lose(LOG);

    assertThat(faultsOf(disk, "")).hasSize(1).allMatch(each -> each.contains("it is missing"));
  }

  private void expectFault(String name, byte[] content, String reason) {
    byte[] sound = disk.bytes(name);
    disk.replace(name, content);
    assertThat(faultsOf(disk, "")).anyMatch(each -> each.contains(reason));
    disk.replace(name, sound);
  }

  @Test
  void takesATornTailForWhatItIsOnlyIfTheJournalAllowsIt() {
    var log = write(3, Compression.NONE);
    LogFixture.append(log, 2, 1);
    byte[] torn = disk.bytes(FIRST + ".log");
    disk.replace(FIRST + ".log", Arrays.copyOf(torn, torn.length - 1));

    inspect(ALL, "");
    assertThat(all(Detail.Fault.class)).isEmpty();
    assertThat(all(Detail.Note.class))
        .extracting(Detail.Note::text)
        .anyMatch(text -> text.startsWith("Not known to be durable"));

    disk.lose("durable-points");
    assertThat(faultsOf(disk, "")).isNotEmpty();
  }

  @Test
  void findsRecordsThatAreNotWhatTheirHeaderSays() {
    write(1, Compression.NONE);
    byte[] sound = disk.bytes(FIRST + ".log");

    expectRecordFault(sound, bytes -> bytes.putLong(35, NOW_MILLIS + 5), "latest timestamp");
    expectRecordFault(sound, bytes -> bytes.putInt(57, 1), "the end of the batch");
    expectRecordFault(sound, bytes -> bytes.putInt(57, 3), "at most 2 records");
    expectRecordFault(sound, bytes -> bytes.put(BatchHeader.SIZE, (byte) 2), "byte");
    expectRecordFault(sound, bytes -> bytes.putShort(21, (short) 0x80), "reserved attribute bits");
    expectRecordFault(sound, bytes -> bytes.putShort(21, (short) 0x04), "zstd");
  }

  /** Changes the only batch and makes its checksum anew, as a faulty client might send it. */
  private void expectRecordFault(byte[] sound, Consumer<ByteBuffer> change, String reason) {
    var bytes = ByteBuffer.wrap(sound.clone());
    change.accept(bytes);
    var crc = new CRC32C();
    crc.update(bytes.slice(21, bytes.capacity() - 21));
    bytes.putInt(17, (int) crc.getValue());
    copyOf(BatchBytes.of(bytes));

    assertThat(faultsOf(disk, "copy")).anyMatch(each -> each.contains(reason));
  }

  @Test
  void findsAnIndexThatWasMadeAnewAlsoAfterAPowerLoss() {
    write(40, Compression.NONE);
    disk.lose(FIRST + ".index");
    disk.close();
    LogFixture.open(disk);

    Seeds.forEach(
        50,
        (seed, random) ->
            assertThat(faultsOf(disk.afterPowerLoss(PowerLoss.ANY, random), "")).isEmpty());
  }

  @Test
  void tellsOfABatchThatLostItsRecordsToCompaction() {
    var batch = LogFixture.batch(42, 10, NOW_MILLIS);
    batch.stamp(0, new LeaderEpoch(3));
    copyOf(BatchSieve.sift(batch, _ -> false, NOW_MILLIS).batch());

    inspect(ALL, "copy");

    assertThat(all(Detail.Fault.class)).isEmpty();
    assertThat(all(Detail.Batch.class))
        .extracting(each -> each.header().lastOffset())
        .containsExactly(41L);
    assertThat(all(Detail.Ends.class))
        .extracting(Detail.Ends::totals)
        .containsExactly(new Detail.Totals(1, 0, 0, 42, 0));
  }

  @Test
  void findsNothingWrongInABatchThatLostSomeRecordsToCompaction() {
    Seeds.forEach(
        100,
        (seed, random) -> {
          var batch = batch(random);
          batch.stamp(0, new LeaderEpoch(3));
          if (random.nextInt(4) == 0) {
            batch.stampAppendTime(NOW_MILLIS);
          }
          copyOf(BatchSieve.sift(batch, _ -> random.nextBoolean(), NOW_MILLIS).batch());

          assertThat(faultsOf(disk, "copy")).isEmpty();
        });
  }

  private void copyOf(BatchBytes batch) {
    byte[] bytes = new byte[batch.size()];
    batch.asByteBuffer().get(bytes);
    disk.makeDirectory("copy");
    disk.replace("copy/00000000000000000000.log", bytes);
  }

  @Test
  void believesNoLengthAndEndsWithAnyBytes() {
    disk.makeDirectory("junk");
    Seeds.forEach(
        300,
        (seed, random) -> {
          byte[] junk = new byte[random.nextInt(3_000)];
          random.nextBytes(junk);
          if (junk.length > 200 && random.nextBoolean()) { // a header that could be one
            ByteBuffer.wrap(junk)
                .putLong(0, 0)
                .putInt(8, random.nextInt(50, 190))
                .put(16, (byte) 2);
            ByteBuffer.wrap(junk).putInt(12, 1).putInt(23, random.nextInt(9));
          }
          for (String name :
              List.of("0.log", "0.index", "0.timeindex", "0.seal", "durable-points", "naru.meta")) {
            String file = "junk/" + name.replace("0.", "00000000000000000000.");
            disk.replace(file, junk);
          }

          inspect(ALL, "junk");
        });
  }

  @Test
  void believesNoOffsetBeyondTheLast() {
    var batch = LogFixture.batch(2, 10, NOW_MILLIS);
    batch.stamp(Long.MAX_VALUE - 1, new LeaderEpoch(1));
    byte[] bytes = new byte[batch.size()];
    batch.asByteBuffer().get(bytes);
    disk.makeDirectory("copy");
    disk.replace("copy/0" + (Long.MAX_VALUE - 1) + ".log", bytes);

    assertThat(faultsOf(disk, "copy"))
        .hasSize(1)
        .allMatch(each -> each.contains("Expected no negative offset"));
  }

  @Test
  void takesASwapOfSegmentsThatACrashCutShortForNoDamage() {
    write(40, Compression.NONE);
    byte[] log = disk.bytes(FIRST + ".log");
    var compacted = ByteBuffer.allocate(log.length);
    for (BatchBytes each : BatchBytes.of(ByteBuffer.wrap(log)).batches()) {
      compacted.put(BatchSieve.sift(each, _ -> false, NOW_MILLIS).batch().asByteBuffer());
    }
    disk.replace(FIRST + ".log", Arrays.copyOf(compacted.array(), compacted.position()));
    assertThat(faultsOf(disk, "")).isNotEmpty();

    disk.replace(FIRST + ".seal.new", disk.bytes(FIRST + ".seal"));
    assertThat(faultsOf(disk, "")).isEmpty();

    disk.replace(FIRST + ".log", log);
    disk.replace(FIRST + ".seal.new", new byte[100]);
    disk.replace(FIRST + ".log.new", Arrays.copyOf(log, log.length / 2));
    disk.replace(FIRST + ".index.new", new byte[7]);
    assertThat(faultsOf(disk, "")).isEmpty();
  }

  @Test
  void looksAtSmallFilesOfAnyKind() {
    disk.replace("whatever", ChecksummedText.encode("of-tomorrow", 7, List.of("a line")).array());
    disk.replace("notes.txt", "not ours".getBytes(StandardCharsets.UTF_8));

    inspect(Wanted.BATCHES, "");

    assertThat(all(Detail.Line.class))
        .extracting(Detail.Line::text)
        .contains("naru of-tomorrow 7", "a line");
    assertThat(all(Detail.Note.class)).extracting(Detail.Note::file).containsExactly("notes.txt");
    assertThat(all(Detail.Fault.class)).isEmpty();
  }

  @Test
  void noticesASmallFileInThePlaceOfAnother() {
    write(1, Compression.NONE);
    disk.replace("high-watermarks", disk.bytes(LOG + "/leader-epochs"));

    assertThat(faultsOf(disk, "")).anyMatch(each -> each.contains("'naru high-watermarks'"));
  }

  /** So many batches of two records, forced. */
  private PartitionLog write(int batches, Compression compression) {
    var store = LogFixture.open(disk);
    var log = store.create(partition(0), SMALL);
    for (int i = 0; i < batches; i++) {
      log.appendAsLeader(
          LogFixture.batch(2, 700, NOW_MILLIS + i, compression), new LeaderEpoch(1), NOW_MILLIS);
    }
    LogFixture.force(store, log);
    return log;
  }

  private void inspect(Wanted wanted, String name) {
    told.clear();
    try (var inspection = new Inspection(disk, wanted, told::add)) {
      if (disk.open(name).isPresent()) {
        inspection.file(name);
      } else {
        inspection.directory(name);
      }
    }
  }

  private static List<String> faultsOf(CrashableDisk disk, String directory) {
    var faults = new ArrayList<String>();
    try (var inspection =
        new Inspection(
            disk,
            Wanted.VERIFIED,
            detail -> {
              if (detail instanceof Detail.Fault) {
                faults.add(detail.toString());
              }
            })) {
      inspection.directory(directory);
    }
    return faults;
  }

  private <T extends Detail> List<T> all(Class<T> kind) {
    return told.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
