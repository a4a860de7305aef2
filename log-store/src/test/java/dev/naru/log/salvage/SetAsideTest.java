package dev.naru.log.salvage;

import static dev.naru.log.LogFixture.NOW_MILLIS;
import static dev.naru.log.LogFixture.append;
import static dev.naru.log.LogFixture.batch;
import static dev.naru.log.LogFixture.force;
import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.LogConfig;
import dev.naru.log.LogFixture;
import dev.naru.log.PartitionLog;
import dev.naru.log.disk.ChecksummedText;
import dev.naru.log.disk.ChecksummedText.Content;
import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.disk.Damage;
import dev.naru.log.disk.Disk;
import dev.naru.log.disk.FaultyDisk;
import dev.naru.log.disk.FaultyDisk.Operation;
import dev.naru.log.retention.Keep;
import dev.naru.log.salvage.SetAsideEntry.Told;
import dev.naru.log.salvage.SetAsidePage.Piece;
import dev.naru.log.salvage.SetAsidePage.Place;
import dev.naru.log.store.LogStore;
import dev.naru.record.BatchHeader;
import dev.naru.record.TimestampType;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SetAsideTest {

  private static final int BATCH_MAX = 1 << 20;

  private final CrashableDisk disk = LogFixture.formatted();
  private final LogStore store = LogFixture.open(disk);
  private final SetAside setAside = new SetAside(disk);

  @Test
  void tellsOfATailThatAFollowerCut() {
    var log = store.create(partition(0), LogFixture.SMALL);
    append(log, 4, 1);
    for (int i = 0; i < 30; i++) {
      append(log, 4, 2);
    }
    var cut = log.truncateTo(4, "leader epoch 3 begins at 4");

    var entry = onlyEntry();

    assertThat(entry.partition()).contains(partition(0));
    assertThat(entry.bytes()).isEqualTo(cut.bytes());
    var manifest = manifest(entry);
    assertThat(manifest.reason()).isEqualTo(SetAsideReason.CUT_TAIL);
    assertThat(manifest.reason().isCutOff()).isTrue();
    assertThat(manifest.why()).isEqualTo("leader epoch 3 begins at 4");
    assertThat(manifest.fromOffset()).isEqualTo(4);
    assertThat(manifest.end()).isEqualTo(OptionalLong.of(124));
    assertThat(manifest.epochs()).isEqualTo("1@0 2@4");
    assertThat(manifest.timeMillis()).isEqualTo(NOW_MILLIS);
    assertThat(offsets(readAll(entry.number(), BATCH_MAX)))
        .hasSize(30)
        .startsWith(4L)
        .endsWith(120L);
  }

  @Test
  void tellsOfATornTail() {
    var log = store.create(partition(0), LogFixture.SMALL);
    append(log, 10, 1);
    force(store, log);
    append(log, 10, 2);
    append(log, 10, 2);
    store.close();
    String name = partition(0) + "/00000000000000000000.log";
    byte[] bytes = disk.bytes(name);
    bytes[bytes.length / 2] ^= 1; // in the second batch
    disk.replace(name, bytes);
    LogFixture.open(disk);

    var entry = onlyEntry();
    var pieces = readAll(entry.number(), BATCH_MAX);

    assertThat(entry.reason()).isEqualTo(SetAsideReason.TORN_TAIL);
    assertThat(entry.reason().isCutOff()).isTrue();
    assertThat(manifest(entry).fromOffset()).isEqualTo(10);
    assertThat(manifest(entry).end()).isEmpty();
    assertThat(pieces.getFirst())
        .isInstanceOfSatisfying(
            Piece.Bad.class,
            bad -> {
              assertThat(bad.reason()).contains("checksum");
              assertThat(bad.header().map(BatchHeader::recordCount)).contains(10);
            });
    assertThat(offsets(pieces)).containsExactly(20L);
  }

  @Test
  void doesNotTakeForCutOffWhatAFollowerFetchesAgain() {
    var log = store.create(partition(0), LogFixture.SMALL);
    append(log, 4, 1);

    log.startOver(100, "shares nothing");

    assertThat(onlyEntry().reason()).isEqualTo(SetAsideReason.STARTED_OVER);
    assertThat(onlyEntry().reason().isCutOff()).isFalse();
  }

  @Test
  void doesNotTakeForCutOffWhatIsRepaired() {
    var small = new LogConfig(1, TimestampType.CREATE_TIME);
    var log = store.create(partition(0), small);
    for (int i = 0; i < 5; i++) {
      append(log, 10, 1);
    }
    force(store, log);
    store.giveUp(new Damage(partition(0), 20, 0, "test"));
    store.repair(partition(0), small);

    assertThat(entries())
        .extracting(SetAsideEntry::reason)
        .containsExactly(SetAsideReason.DAMAGED, SetAsideReason.ABOVE_DAMAGE)
        .noneMatch(SetAsideReason::isCutOff);
    assertThat(offsets(readAll(2, BATCH_MAX))).containsExactly(30L, 40L);
  }

  @Test
  void doesNotTakeForCutOffWhatWasDeletedWithItsTopic() {
    append(store.create(partition(0), LogFixture.SMALL), 4, 1);
    store.setAside(
        partition(0),
        SetAsideReason.TOPIC_DELETED,
        Keep.WHILE_THERE_IS_ROOM,
        "its topic was deleted");

    assertThat(onlyEntry().reason()).isEqualTo(SetAsideReason.TOPIC_DELETED);
    assertThat(onlyEntry().reason().isCutOff()).isFalse();
    assertThat(offsets(readAll(1, BATCH_MAX))).as("in a directory of its own").containsExactly(0L);
  }

  @Test
  void doesNotGuessWhyAnEarlierReleaseSetSomethingAside() {
    cutTail(4);
    var lines = manifest(onlyEntry()).lines();
    var without = lines.stream().filter(line -> !line.startsWith("reason")).toList();
    writeManifest(without);

    assertThat(manifest(onlyEntry()).reason()).isEqualTo(SetAsideReason.UNKNOWN);
    assertThat(onlyEntry().reason().isCutOff()).isFalse();
    assertThat(SetAsideReason.of("of-a-later-release").isCutOff()).isFalse();
  }

  @Test
  void tellsThatAManifestIsDamagedAndStillReadsTheBatches() {
    cutTail(4);
    disk.replace(place() + "/manifest", new byte[] {1});
    assertThat(onlyEntry().told()).isInstanceOf(Told.Unreadable.class);
    assertThat(onlyEntry().reason()).isEqualTo(SetAsideReason.UNKNOWN);
    assertThat(onlyEntry().partition()).contains(partition(0));
    assertThat(offsets(readAll(1, BATCH_MAX))).hasSize(4);

    writeManifest(List.of("partition nonsense", "keep for-a-time"));
    assertThat(onlyEntry().told()).isInstanceOf(Told.Unreadable.class);
    disk.lose(place() + "/manifest");
    assertThat(onlyEntry().told())
        .isEqualTo(new Told.Unreadable("Expected a manifest, but there is none"));
  }

  @Test
  void passesOverWhatSomebodyPutThere() {
    cutTail(4);
    disk.makeDirectory("lost+found/kept by hand");
    disk.makeDirectory("lost+found/00000077-whatever");

    assertThat(entries()).extracting(SetAsideEntry::number).containsExactly(1L, 77L);
    assertThat(entries())
        .extracting(SetAsideEntry::partition)
        .containsExactly(Optional.of(partition(0)), Optional.empty());
    assertThat(setAside.read(77, Optional.empty(), BATCH_MAX, BATCH_MAX).orElseThrow().pieces())
        .isEmpty();
  }

  @Test
  void readsThePagesOfAnyEntryWithoutAGapAndTwiceNothing() {
    cutTail(60);
    var whole = readAll(1, BATCH_MAX);

    for (int bytesMax : new int[] {1, 100, 1_000, 2_047}) {
      assertThat(places(readAll(1, bytesMax))).isEqualTo(places(whole));
    }
    assertThat(offsets(whole)).hasSize(60);
  }

  @Test
  void passesOverTheRestOfAFileThatMakesNoSense() {
    cutTail(60);
    String first =
        disk.files(place()).stream()
            .filter(name -> name.endsWith(".log"))
            .findFirst()
            .orElseThrow();
    byte[] bytes = disk.bytes(first);
    int at = BatchHeader.read(ByteBuffer.wrap(bytes), 0).sizeInBytes();
    Arrays.fill(bytes, at, bytes.length, (byte) 0);
    disk.replace(first, bytes);

    var pieces = readAll(1, 100);

    assertThat(pieces)
        .filteredOn(Piece.Bad.class::isInstance)
        .singleElement()
        .isInstanceOfSatisfying(
            Piece.Bad.class,
            bad -> {
              assertThat(bad.place().position()).isEqualTo(at);
              assertThat(bad.size()).isEqualTo(bytes.length - at);
              assertThat(bad.reason()).isEqualTo("Expected magic 2, but was 0");
            });
    assertThat(offsets(pieces)).as("the other files").hasSizeGreaterThan(10);
  }

  @Test
  void losesOnlyTheBatchThatTheDiskCannotGiveBack() {
    cutTail(60);
    var faulty = new FaultyDisk(disk);
    var reads = new AtomicInteger();
    int bodyOfTheSecond = 4; // the first batch takes two reads, and each has its header first
    faulty.failWhen((operation, name) ->
        operation == Operation.READ && reads.incrementAndGet() == bodyOfTheSecond
            ? Optional.of("Input/output error")
            : Optional.empty());

    var page = new SetAside(faulty).read(1, Optional.empty(), BATCH_MAX, BATCH_MAX).orElseThrow();

    assertThat(offsets(page.pieces())).hasSize(59);
    assertThat(page.pieces().get(1))
        .isInstanceOfSatisfying(
            Piece.Bad.class,
            bad -> {
              assertThat(bad.reason()).contains("Input/output error");
              assertThat(bad.header().map(BatchHeader::recordCount)).contains(4);
            });
  }

  @Test
  void passesOverTheRestOfAFileOfWhichNoHeaderCanBeRead() {
    cutTail(60);
    var faulty = new FaultyDisk(disk);
    var reads = new AtomicInteger();
    faulty.failWhen((operation, name) ->
        operation == Operation.READ && reads.incrementAndGet() == 3
            ? Optional.of("Input/output error")
            : Optional.empty());

    var page = new SetAside(faulty).read(1, Optional.empty(), BATCH_MAX, BATCH_MAX).orElseThrow();

    assertThat(page.pieces().get(1).place().file()).isEqualTo(page.pieces().get(0).place().file());
    assertThat(page.pieces().get(2).place().file())
        .isNotEqualTo(page.pieces().get(0).place().file());
  }

  @Test
  void listsPageByPageAndLooksOnceAtAllThatIsThere() {
    for (int number = 1; number <= 7; number++) {
      disk.makeDirectory("lost+found/%08d-%s".formatted(number, partition(number)));
    }
    var looks = new AtomicInteger();

    var page = new SetAside(counting(looks)).list(OptionalLong.of(2), 3, () -> true);

    assertThat(page.entries()).extracting(SetAsideEntry::number).containsExactly(3L, 4L, 5L);
    assertThat(page.next()).hasValue(5);
    assertThat(looks).as("at all, and into three").hasValue(1 + 3);
    var last = setAside.list(OptionalLong.of(5), 3, () -> true);
    assertThat(last.entries()).extracting(SetAsideEntry::number).containsExactly(6L, 7L);
    assertThat(last.next()).isEmpty();
  }

  @Test
  void looksNoFurtherOnceNobodyWaits() {
    for (int number = 1; number <= 7; number++) {
      disk.makeDirectory("lost+found/%08d-%s".formatted(number, partition(number)));
    }
    var asked = new AtomicInteger();

    var page = setAside.list(OptionalLong.empty(), 7, () -> asked.incrementAndGet() <= 2);

    assertThat(page.entries()).hasSize(2);
  }

  @Test
  void aWhyOfSeveralLinesAddsNoneToTheManifest() {
    var manifest =
        new Manifest(
            partition(0),
            SetAsideReason.DAMAGED,
            "one\rreason cut-tail\nreason cut-tail",
            0,
            1,
            "",
            0,
            Keep.FOR_GOOD);
    var text = ChecksummedText.encode(Manifest.KIND, Manifest.VERSION, manifest.lines());
    byte[] bytes = new byte[text.remaining()];
    text.get(bytes);
    disk.replace("manifest", bytes);

    var read = ChecksummedText.read(disk, "manifest", Manifest.KIND, Manifest.VERSION);

    assertThat(Manifest.parse(((Content.Lines) read).lines()).reason())
        .isEqualTo(SetAsideReason.DAMAGED);
  }

  @Test
  void passesOverABatchThatNoMessageCarries() {
    var log = store.create(partition(0), new LogConfig(1 << 20, TimestampType.CREATE_TIME));
    append(log, 1, 1);
    append(log, 1, 1);
    log.appendAsLeader(batch(1, 5_000, NOW_MILLIS), log.epochs().latest().orElseThrow().epoch(), 0);
    append(log, 1, 1);
    log.truncateTo(1, "test");

    var page = setAside.read(1, Optional.empty(), BATCH_MAX, 4_000).orElseThrow();

    assertThat(offsets(page.pieces())).containsExactly(1L, 3L);
    assertThat(page.pieces().get(1))
        .isInstanceOfSatisfying(
            Piece.Bad.class, bad -> assertThat(bad.reason()).contains("at most 4000 bytes"));
  }

  @Test
  void findsNothingWhereNothingIs() {
    assertThat(entries()).isEmpty();
    assertThat(setAside.read(1, Optional.empty(), BATCH_MAX, BATCH_MAX)).isEmpty();
    cutTail(4);
    var elsewhere = new Place("../../naru.meta", 0);
    assertThat(setAside.read(1, Optional.of(elsewhere), BATCH_MAX, BATCH_MAX)).isEmpty();
  }

  @Test
  void changesNothing() {
    cutTail(30);
    disk.beforeEachChange(() -> {
      throw new AssertionError("Expected only reads");
    });

    readAll(1, 100);
    entries();
  }

  /** The same disk; counts the looks into directories. */
  private Disk counting(AtomicInteger looks) {
    return (Disk)
        Proxy.newProxyInstance(
            Disk.class.getClassLoader(),
            new Class<?>[] {Disk.class},
            (_, method, arguments) -> {
              looks.addAndGet(method.getName().equals("list") ? 1 : 0);
              return method.invoke(disk, arguments);
            });
  }

  private PartitionLog cutTail(int batches) {
    var log = store.create(partition(0), LogFixture.SMALL);
    append(log, 4, 1);
    for (int i = 0; i < batches; i++) {
      append(log, 4, 1);
    }
    log.truncateTo(4, "test");
    return log;
  }

  private List<SetAsideEntry> entries() {
    return setAside.list(OptionalLong.empty(), 1_000, () -> true).entries();
  }

  private SetAsideEntry onlyEntry() {
    assertThat(entries()).hasSize(1);
    return entries().getFirst();
  }

  private static Manifest manifest(SetAsideEntry entry) {
    return ((Told.Known) entry.told()).manifest();
  }

  private String place() {
    return "lost+found/00000001-" + partition(0);
  }

  private void writeManifest(List<String> lines) {
    var text = ChecksummedText.encode(Manifest.KIND, Manifest.VERSION, lines);
    byte[] bytes = new byte[text.remaining()];
    text.get(bytes);
    disk.replace(place() + "/manifest", bytes);
  }

  private List<Piece> readAll(long number, int bytesMax) {
    var pieces = new ArrayList<Piece>();
    var next = Optional.<Place>empty();
    do {
      var page = setAside.read(number, next, bytesMax, BATCH_MAX).orElseThrow();
      pieces.addAll(page.pieces());
      next = page.next();
    } while (next.isPresent());
    return pieces;
  }

  private static List<Place> places(List<Piece> pieces) {
    return pieces.stream().map(Piece::place).toList();
  }

  private static List<Long> offsets(List<Piece> pieces) {
    return pieces.stream()
        .filter(Piece.Batch.class::isInstance)
        .map(piece -> ((Piece.Batch) piece).bytes().header().baseOffset())
        .toList();
  }
}
