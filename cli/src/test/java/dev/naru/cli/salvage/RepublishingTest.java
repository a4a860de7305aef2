package dev.naru.cli.salvage;

import static dev.naru.cli.salvage.Tails.batch;
import static dev.naru.cli.salvage.Tails.damaged;
import static dev.naru.cli.salvage.Tails.pages;
import static dev.naru.cli.salvage.Tails.stray;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.cli.output.Notes;
import dev.naru.cli.salvage.Republishing.Count;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.SalvagePage.Piece;
import dev.naru.client.admin.SalvageReason;
import dev.naru.record.Record;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is cut off is written again, and nothing that the log has. */
class RepublishingTest {

  private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
  private final Taken taken = new Taken();

  @Test
  void takesWhatTheLogHasOtherRecordsForOrNone() {
    var live = new LoadedConsumer().with(3, 1, "k", "c").with(4, 3, "k", "x").with(5, 3, "k", "y");

    var count = run(SalvageReason.CUT_TAIL, live, batch(4, 2, "a", "b", "c"));

    assertThat(taken.values).containsExactly("4 a", "5 b", "6 c");
    assertThat(count).isEqualTo(new Count(3, 0, 0, 0, 0, 0));
  }

  @Test
  void leavesOutWhatTheLogHoldsAtTheSameOffsetAndEpochWithTheSameBytes() {
    var live = new LoadedConsumer().with(4, 2, "k", "a").with(5, 2, "k", "b").with(6, 3, "k", "c");

    var count = run(SalvageReason.CUT_TAIL, live, batch(4, 2, "a", "b", "c"));

    assertThat(taken.values).as("the last is of a later epoch").containsExactly("6 c");
    assertThat(count.held()).isEqualTo(2);
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

    assertThat(torn).isEqualTo(new Count(0, 0, 2, 0, 0, 0));
    assertThat(taken.values).isEmpty();
  }

  @Test
  void takesWhatAFollowerCutEvenIfTheLogNoLongerKeepsThoseOffsets() {
    var live = new LoadedConsumer().with(50, 2, "k", "z").between(50, 51);

    assertThat(run(SalvageReason.CUT_TAIL, live, batch(4, 2, "a", "b")).taken()).isEqualTo(2);
  }

  @Test
  void doesNotReviveWhatCompactionMayHaveTaken() {
    var live = new LoadedConsumer().with(3, 2, "k", "x").with(9, 2, "k", "z");

    assertThat(run(SalvageReason.TORN_TAIL, live, batch(4, 2, "a", "b")).undecided()).isEqualTo(2);
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

    assertThat(count.held()).isEqualTo(3);
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

    assertThat(count).isEqualTo(new Count(1, 0, 0, 0, 1, 123));
    assertThat(stderr.toString(UTF_8))
        .contains("warning: CORRUPT_RECORD: ")
        .contains("byte 400, is left out: Expected the checksum")
        .contains("Expected magic 2");
    assertThat(RepublishReport.sentence(count, true))
        .isEqualTo(
            "1 records to write, 0 left out that the log still holds,"
                + " 1 DAMAGED batches left out, 123 bytes left out that are no batch");
  }

  @Test
  void takesOnlyWhatAFollowerCutWhereThereIsNoLogToCompareWith() {
    var cut = new Republishing(SalvageReason.CUT_TAIL, Optional.empty(), 5, taken, notes(), true);
    var torn = new Republishing(SalvageReason.TORN_TAIL, Optional.empty(), 0, taken, notes(), true);

    cut.run(pages(batch(4, 2, "a", "b")));
    assertThat(taken.values).as("from the offset that was asked for").containsExactly("5 b");
    taken.values.clear();
    assertThat(torn.run(pages(batch(4, 2, "a", "b")))).isEqualTo(new Count(0, 0, 2, 0, 0, 0));
  }

  @Test
  void endsWithTheFirstRecordThatCouldNotBeWritten() {
    taken.most = 2;

    run(SalvageReason.CUT_TAIL, new LoadedConsumer(), batch(4, 2, "a", "b", "c"), batch(7, 2, "d"));

    assertThat(taken.values).containsExactly("4 a", "5 b");
  }

  private Count run(SalvageReason reason, LoadedConsumer live, Piece... pieces) {
    taken.values.clear();
    var log =
        new LiveLog(live, new TopicPartition("orders", 0), Duration.ofSeconds(1), System::nanoTime);
    return new Republishing(reason, Optional.of(log), 0, taken, notes(), true).run(pages(pieces));
  }

  private Notes notes() {
    return new Notes(new PrintStream(stderr, true, UTF_8));
  }

  private static final class Taken implements RecordOutlet {

    private final List<String> values = new ArrayList<>();
    private int most = Integer.MAX_VALUE;

    @Override
    public void put(Record record) {
      values.add(record.offset() + " " + UTF_8.decode(record.value().orElseThrow().duplicate()));
    }

    @Override
    public boolean hasFailed() {
      return values.size() >= most;
    }

    @Override
    public void finish() {}

    @Override
    public long count() {
      return values.size();
    }
  }
}
