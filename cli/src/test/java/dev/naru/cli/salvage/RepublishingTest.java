package dev.naru.cli.salvage;

import static dev.naru.cli.salvage.Tails.batch;
import static dev.naru.cli.salvage.Tails.damaged;
import static dev.naru.cli.salvage.Tails.inFile;
import static dev.naru.cli.salvage.Tails.nulls;
import static dev.naru.cli.salvage.Tails.pages;
import static dev.naru.cli.salvage.Tails.stray;
import static dev.naru.cli.salvage.Tails.transactional;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.output.Notes;
import dev.naru.cli.salvage.RepublishCount.Damage;
import dev.naru.cli.salvage.RepublishCount.LeftOut;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.SalvagePage.Piece;
import dev.naru.client.admin.SalvageReason;
import dev.naru.record.Compression;
import dev.naru.record.RecordHeader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is cut off is written again, and nothing that the log has. */
class RepublishingTest {

  private static final int LEADER_EPOCH = 9;
  private static final LeftOut NOTHING = new LeftOut(0, 0, 0, 0, 0, 0);
  private static final Damage SOUND = new Damage(0, 0, false);

  private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
  private final Outlet taken = new Outlet();

  @Test
  void takesWhatTheLogHasOtherRecordsForOrNone() {
    var live = new LoadedConsumer().with(3, 1, "k", "c").with(4, 3, "k", "x").with(5, 3, "k", "y");

    var count = run(SalvageReason.CUT_TAIL, live, batch(4, 2, "a", "b", "c"));

    assertThat(taken.values).containsExactly("4 a", "5 b", "6 c");
    assertThat(count).isEqualTo(counted(3, NOTHING, SOUND));
  }

  @Test
  void leavesOutWhatTheLogHoldsAtTheSameOffsetAndEpochWithTheSameBytes() {
    var live = new LoadedConsumer().with(4, 2, "k", "a").with(5, 2, "k", "b").with(6, 3, "k", "c");

    var count = run(SalvageReason.CUT_TAIL, live, batch(4, 2, "a", "b", "c"));

    assertThat(taken.values).as("the last is of a later epoch").containsExactly("6 c");
    assertThat(count.leftOut().held()).isEqualTo(2);
  }

  @Test
  void takesOtherBytesUnderTheSameOffsetAndEpochForOtherRecords() {
    var live = new LoadedConsumer().with(4, 2, "k", "A").with(5, 2, "K", "b");

    assertThat(run(SalvageReason.CUT_TAIL, live, batch(4, 2, "a", "b")).taken()).isEqualTo(2);
  }

  @Test
  void doesNotReviveWhatTheLogHadAndNoLongerKeeps() {
    var live = new LoadedConsumer().with(50, 2, "k", "z").between(50, 51);

    var torn = run(SalvageReason.TORN_TAIL, live, batch(4, 2, "a", "b"));

    assertThat(torn).isEqualTo(counted(0, undecided(2), SOUND));
    assertThat(taken.values).isEmpty();
  }

  @Test
  void takesWhatAFollowerCutEvenIfTheLogNoLongerKeepsThoseOffsets() {
    var live = new LoadedConsumer().with(50, 2, "k", "z").between(50, 51);

    var count = run(SalvageReason.CUT_TAIL, live, batch(4, 2, "a", "b"), batch(51, 2, "c"));

    assertThat(count.taken()).isEqualTo(3);
    assertThat(count.unproven()).as("which nobody can prove to be missing").isEqualTo(2);
    assertThat(count.warnings().values())
        .singleElement(STRING)
        .contains("2 records at offsets that the log no longer keeps");
    assertThat(count.isAll()).isTrue();
  }

  @Test
  void leavesOutWhatTheLeaderOfThatTimeMayStillCommit() {
    var live = new LoadedConsumer().with(3, LEADER_EPOCH, "k", "x");

    var torn = run(SalvageReason.TORN_TAIL, live, batch(4, LEADER_EPOCH, "a"));
    assertThat(torn.leftOut().pending()).as("it leads still").isEqualTo(1);
    assertThat(torn.isAll()).isFalse();
    assertThat(torn.warnings().values()).singleElement(STRING).contains("may commit them yet");

    var before = run(SalvageReason.TORN_TAIL, live, batch(4, LEADER_EPOCH - 1, "a"));
    assertThat(before.taken()).as("all of earlier leaders is committed").isEqualTo(1);
  }

  @Test
  void leavesOutTransactionsBecauseNothingSaysHowTheyEnded() {
    var piece = transactional(4, 2, "a");

    var count = run(SalvageReason.CUT_TAIL, new LoadedConsumer(), piece, batch(5, 2, "b"));

    assertThat(taken.values).containsExactly("5 b");
    assertThat(count.leftOut().transactionalBatches()).isEqualTo(1);
    assertThat(count.isAll()).isFalse();
    assertThat(count.warnings().values()).singleElement(STRING).contains("1 batch of transactions");
  }

  @Test
  void comparesWhatHasNoKeyAndNoValue() {
    var header = RecordHeader.withoutValue("h");
    var live = new LoadedConsumer().with(4, 2, null, null, header).with(5, 2, "k", null, header);

    var count = run(SalvageReason.CUT_TAIL, live, nulls(4, 2), nulls(5, 2));

    assertThat(count.leftOut().held()).isEqualTo(1);
    assertThat(taken.values).as("that key is not absent").containsExactly("5 null");
  }

  @Test
  void readsOnWhileRecordsOfTheLogAreStillOnTheirWay() {
    var live = new LoadedConsumer().hesitating();
    for (int i = 0; i < 7; i++) {
      live.with(i, 2, "k", "v" + i);
    }

    var count = run(SalvageReason.CUT_TAIL, live, batch(3, 2, "v3", "v4", "v5", "v6"));

    assertThat(count.leftOut().held()).isEqualTo(4);
  }

  @Test
  void readsCompressedBatchesAndSaysHowTheyWereCompressed() {
    byte[] value = "a".repeat(10_000).getBytes(UTF_8);
    var piece = batch(4, 2, Compression.ZSTD, value);
    assertThat(piece.size()).isLessThan(1_000);

    run(SalvageReason.CUT_TAIL, new LoadedConsumer(), piece);

    assertThat(taken.values).containsExactly("4 " + "a".repeat(10_000));
    assertThat(taken.compressions).containsExactly(Compression.ZSTD);
  }

  @Test
  void doesNotReviveWhatCompactionMayHaveTaken() {
    var live = new LoadedConsumer().with(3, 2, "k", "x").with(9, 2, "k", "z");

    assertThat(run(SalvageReason.TORN_TAIL, live, batch(4, 2, "a", "b")))
        .isEqualTo(counted(0, undecided(2), SOUND));
  }

  @Test
  void knowsByTheEdgesOfAGapThatTheLogHadSomethingElseThere() {
    var later = new LoadedConsumer().with(3, 3, "k", "x").with(9, 3, "k", "z");
    var seen = run(SalvageReason.TORN_TAIL, later, batch(3, 2, "a", "b"));
    assertThat(seen.taken()).as("what came before was of a later epoch").isEqualTo(2);

    var earlier = new LoadedConsumer().with(9, 1, "k", "z");
    assertThat(run(SalvageReason.TORN_TAIL, earlier, batch(4, 2, "a")).taken()).isEqualTo(1);
  }

  @Test
  void readsTheLogAgainForOffsetsThatGoBack() {
    var live = new LoadedConsumer().with(4, 2, "k", "a").with(5, 2, "k", "b").with(6, 2, "k", "c");

    var count = run(SalvageReason.CUT_TAIL, live, batch(6, 2, "c"), batch(4, 2, "a", "b"));

    assertThat(count.leftOut().held()).isEqualTo(3);
  }

  @Test
  void leavesOutAndTellsOfWhatIsDamaged() {
    var count =
        run(
            SalvageReason.TORN_TAIL,
            new LoadedConsumer(),
            damaged(4, 3),
            batch(7, 2, "a"),
            stray(123));

    assertThat(count).isEqualTo(counted(1, NOTHING, new Damage(1, 123, false)));
    assertThat(count.isAll()).isFalse();
    assertThat(stderr.toString(UTF_8))
        .contains("warning: CORRUPT_RECORD: ")
        .contains("byte 400, is left out: Expected the checksum")
        .contains("Expected magic 2");
    assertThat(count.sentence(true))
        .isEqualTo(
            "1 record to write, 0 left out that the log still holds,"
                + " 1 DAMAGED batch left out, 123 bytes left out that are no batch");
  }

  @Test
  void doesNotCallItAFailureThatATornTailIsTornAtItsEnd() {
    var live = new LoadedConsumer();

    var torn = run(SalvageReason.TORN_TAIL, live, batch(4, 2, "a"), stray(50));
    assertThat(torn.damage()).isEqualTo(new Damage(0, 50, true));
    assertThat(torn.isAll()).isTrue();
    assertThat(run(SalvageReason.TORN_TAIL, live, stray(50), batch(4, 2, "a")).isAll())
        .as("there is more behind it")
        .isFalse();
    assertThat(run(SalvageReason.CUT_TAIL, live, batch(4, 2, "a"), stray(50)).isAll())
        .as("a follower cuts between batches")
        .isFalse();
  }

  @Test
  void takesOnlyWhatAFollowerCutWhereThereIsNoLogToCompareWith() {
    var cut = pass(SalvageReason.CUT_TAIL, Optional.empty(), StartingPoint.beginning());
    var torn = pass(SalvageReason.TORN_TAIL, Optional.empty(), StartingPoint.beginning());

    assertThat(cut.run(pages(batch(4, 2, "a", "b"))).unproven()).isEqualTo(2);
    assertThat(taken.values).containsExactly("4 a", "5 b");
    assertThat(torn.run(pages(batch(4, 2, "a", "b")))).isEqualTo(counted(2, undecided(2), SOUND));
  }

  @Test
  void beginsAtAnOffsetOrAtARecordOfABatchAlsoWhereOffsetsGoBack() {
    var pieces =
        List.of(
            inFile("00000000000000000004.log", batch(4, 2, "a", "b")),
            inFile("00000000000000000008.log", batch(4, 1, "c", "d")),
            inFile("00000000000000000008.log", batch(2, 1, "e")));

    assertThat(from("5", pieces)).isEqualTo(2 + 1);
    assertThat(taken.values).containsExactly("5 b", "5 d");
    assertThat(from("00000000000000000008.log:400:5", pieces)).isEqualTo(2 + 1);
    assertThat(taken.values).containsExactly("5 d", "2 e");
    assertThatThrownBy(() -> from("00000000000000000008.log:401:5", pieces))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("no batch at 00000000000000000008.log:401:5");
    assertThatThrownBy(() -> StartingPoint.parse("-1"))
        .hasMessageContaining("Expected --from of an offset or FILE:POSITION:OFFSET");
  }

  /** Returns how many were passed over. */
  private long from(String text, List<Piece> pieces) {
    taken.values.clear();
    var pass = pass(SalvageReason.CUT_TAIL, Optional.empty(), StartingPoint.parse(text));
    return pass.run(pages(pieces.toArray(Piece[]::new))).leftOut().passedOver();
  }

  @Test
  void endsWithTheFirstBatchThatCouldNotBeWritten() {
    taken.most = 2;

    run(SalvageReason.CUT_TAIL, new LoadedConsumer(), batch(4, 2, "a", "b"), batch(7, 2, "d"));

    assertThat(taken.values).containsExactly("4 a", "5 b");
  }

  private RepublishCount run(SalvageReason reason, LoadedConsumer live, Piece... pieces) {
    taken.values.clear();
    var log =
        new LiveLog(
            live,
            new TopicPartition("orders", 0),
            LEADER_EPOCH,
            Duration.ofSeconds(1),
            System::nanoTime);
    return pass(reason, Optional.of(log), StartingPoint.beginning()).run(pages(pieces));
  }

  private Republishing pass(SalvageReason reason, Optional<LiveLog> live, StartingPoint from) {
    return new Republishing(reason, live, from, taken, notes(), true);
  }

  private static RepublishCount counted(long taken, LeftOut leftOut, Damage damage) {
    return new RepublishCount(taken, 0, leftOut, damage);
  }

  private static LeftOut undecided(long records) {
    return new LeftOut(0, records, 0, 0, 0, 0);
  }

  private Notes notes() {
    return new Notes(new PrintStream(stderr, true, UTF_8));
  }

  private static final class Outlet implements RecordOutlet {

    private final List<String> values = new ArrayList<>();
    private final List<Compression> compressions = new ArrayList<>();
    private int most = Integer.MAX_VALUE;

    @Override
    public void put(Taken batch) {
      compressions.add(batch.compression());
      for (var each : batch.records()) {
        var value = each.value().map(bytes -> UTF_8.decode(bytes.duplicate()).toString());
        values.add(each.offset() + " " + value.orElse("null"));
      }
    }

    @Override
    public boolean takesMore() {
      return values.size() < most;
    }

    @Override
    public void finish() {}

    @Override
    public long count() {
      return values.size();
    }
  }
}
