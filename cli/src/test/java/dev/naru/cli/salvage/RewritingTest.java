package dev.naru.cli.salvage;

import static dev.naru.cli.salvage.Tails.FILE;
import static dev.naru.cli.salvage.Tails.batch;
import static dev.naru.cli.salvage.Tails.nulls;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.cli.salvage.RecordOutlet.Taken;
import dev.naru.cli.salvage.Rewriting.Run;
import dev.naru.client.NaruException;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.SalvagePage.Batch;
import dev.naru.client.admin.SalvagePage.Piece;
import dev.naru.record.Compression;
import dev.naru.record.Record;
import dev.naru.record.RecordHeader;
import dev.naru.testing.ManualClock;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** However a batch ends, the account says what was written, and where to go on. */
class RewritingTest {

  private static final TopicPartition TARGET = new TopicPartition("orders", 0);

  private final ManualClock clock = ManualClock.started();
  private final LateProducer producer = new LateProducer();
  private final List<Compression> asked = new ArrayList<>();
  private final List<Run> runs = new ArrayList<>();
  private final Rewriting rewriting =
      new Rewriting(
          compression -> {
            asked.add(compression);
            return producer;
          },
          TARGET,
          runs::add,
          clock::nanoTime);

  @Test
  void writesKeysHeadersAndTimesAsTheyWere() {
    var header = RecordHeader.of("trace", ByteBuffer.wrap(new byte[] {7}));
    put(batch(4, 2, List.of(header), "a"));
    put(nulls(5, 2));
    rewriting.finish();

    assertThat(producer.written()).hasSize(2);
    var first = producer.written().getFirst();
    assertThat(first.topic()).isEqualTo("orders");
    assertThat(first.partition()).hasValue(0);
    assertThat(first.timestampMillis()).hasValue(Tails.TIME + 4);
    assertThat(first.key()).isEqualTo("k".getBytes(UTF_8));
    assertThat(first.headers()).containsExactly(header);
    var second = producer.written().getLast();
    assertThat(second.key()).isNull();
    assertThat(second.value()).isNull();
    assertThat(second.headers()).containsExactly(RecordHeader.withoutValue("h"));
    assertThat(runs).containsExactly(new Run(4, 100, 2));
  }

  @Test
  void givesARecordWithoutATimeTheTimeOfNow() {
    var without = new Record(4, -1, Optional.empty(), Optional.empty(), List.of());

    rewriting.put(new Taken(FILE, 0, Compression.NONE, List.of(without)));

    assertThat(producer.written().getFirst().timestampMillis()).isEmpty();
  }

  @Test
  void compressesAsTheBatchWasCompressed() {
    put(batch(4, 2, Compression.LZ4, new byte[5_000]));
    put(batch(5, 2, "a"));

    assertThat(asked).containsExactly(Compression.LZ4, Compression.NONE);
  }

  @Test
  void tellsOfARunWhenItEndsOrHasBeenOpenForASecond() {
    put(batch(4, 2, "a", "b"));
    producer.skip(5);
    put(batch(6, 2, "c"));
    assertThat(runs).as("somebody else wrote meanwhile").containsExactly(new Run(4, 100, 2));

    clock.advance(Duration.ofMillis(1_001));
    put(batch(7, 2, "d"));
    assertThat(runs).containsExactly(new Run(4, 100, 2), new Run(6, 107, 2));

    put(batch(9, 2, "e"));
    rewriting.finish();
    rewriting.finish();
    assertThat(runs).hasSize(3).last().isEqualTo(new Run(9, 109, 1));
  }

  @Test
  void sendsNothingBehindARecordThatIsRefusedBeforeItIsSent() {
    put(batch(4, 2, "a"));
    put(batch(5, 2, "b", "large", "c"));

    assertThat(producer.values()).containsExactly("a", "b");
    assertThat(rewriting.takesMore()).isFalse();
    assertThat(sentences())
        .containsExactly(
            "2 records written to orders/0",
            "refused, and not written: offset 6",
            "--from " + FILE + ":500:6 goes on behind what is written",
            "--from " + FILE + ":500:7 leaves out what was refused, too");
  }

  @Test
  void saysThatRecordsBehindARefusedOneWereWritten() {
    put(batch(4, 2, "a", "bad", "c", "bad", "bad", "d"));

    assertThat(producer.values()).containsExactly("a", "c", "d");
    assertThat(sentences())
        .containsExactly(
            "3 records written to orders/0",
            "refused, and not written: offset 5, 7-8",
            "--from " + FILE + ":400:10 goes on behind what is written");
    assertThat(account().atFirstOpen()).as("it would write two of them twice").isEmpty();
    assertThat(account().cause()).containsInstanceOf(NaruException.class);
  }

  @Test
  void doesNotSayOfARecordWithoutAnAnswerThatItIsNotThere() {
    put(batch(4, 2, "a", "late", "late"));

    assertThat(producer.values()).containsExactly("a", "late", "late");
    assertThat(account().inDoubt()).isEqualTo(2);
    assertThat(sentences())
        .containsExactly(
            "1 record written to orders/0",
            "in doubt: offset 5-6; each may be there or still come,"
                + " so look at the end of orders/0 first",
            "if nothing of that is there: --from " + FILE + ":400:5",
            "if all of that is there: --from " + FILE + ":400:7");
  }

  @Test
  void knowsWhatWasSettledWhenTheFlushGivesUp() {
    put(batch(4, 2, "a", "lost"));

    assertThat(account().written()).isEqualTo(1);
    assertThat(account().inDoubt()).isEqualTo(1);
    assertThat(account().cause().orElseThrow()).hasMessage("Expected all to be settled");
    assertThat(rewriting.takesMore()).isFalse();
  }

  @Test
  void countsAllThatIsOnItsWayAsInDoubtForWhomeverAsksMeanwhile() {
    var seen = new ArrayList<RewriteAccount>();
    put(batch(4, 2, "a"));
    producer.beforeFlush(() -> {
      rewriting.stop();
      seen.add(account());
    });

    put(batch(5, 2, "b", "c"));

    assertThat(seen.getFirst().written()).isEqualTo(1);
    assertThat(seen.getFirst().inDoubt()).isEqualTo(2);
    assertThat(account().written()).isEqualTo(3);
    assertThat(rewriting.takesMore()).as("stopped").isFalse();
  }

  @Test
  void sendsNothingOnceItIsStopped() {
    rewriting.stop();

    put(batch(4, 2, "a"));

    assertThat(producer.values()).isEmpty();
    assertThat(sentences())
        .containsExactly(
            "0 records written to orders/0",
            "--from " + FILE + ":400:4 goes on behind what is written");
  }

  @Test
  void knowsTheWholeBatchAlsoIfNobodyHearsOfARun() {
    var deaf =
        new Rewriting(
            _ -> producer,
            TARGET,
            _ -> {
              throw new IllegalStateException("stdout");
            },
            clock::nanoTime);
    deaf.put(taken(batch(4, 2, "a")));
    producer.skip(1);

    assertThatThrownBy(() -> deaf.put(taken(batch(5, 2, "b", "c")))).hasMessage("stdout");

    assertThat(deaf.account().written()).isEqualTo(3);
    assertThat(deaf.account().behindAll()).hasToString("Optional[" + FILE + ":500:7]");
  }

  private void put(Piece piece) {
    rewriting.put(taken(piece));
  }

  private static Taken taken(Piece piece) {
    var batch = (Batch) piece.content();
    return new Taken(
        piece.file(),
        piece.position(),
        batch.header().compression().orElseThrow(),
        batch.records());
  }

  private RewriteAccount account() {
    return rewriting.account();
  }

  private List<String> sentences() {
    return account().sentences(TARGET);
  }
}
