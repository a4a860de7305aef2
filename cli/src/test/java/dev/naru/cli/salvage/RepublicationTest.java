package dev.naru.cli.salvage;

import static dev.naru.cli.salvage.Tails.FILE;
import static dev.naru.cli.salvage.Tails.batch;
import static dev.naru.cli.salvage.Tails.pages;
import static dev.naru.cli.salvage.Tails.stray;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.output.Notes;
import dev.naru.cli.output.OutputFormat;
import dev.naru.cli.output.Stdout;
import dev.naru.client.NaruException;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.SalvageReason;
import dev.naru.types.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Whatever ends a pass, somebody hears what was written and where to go on. */
class RepublicationTest {

  private static final TopicPartition TARGET = new TopicPartition("orders", 0);

  private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
  private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
  private final Notes notes = new Notes(new PrintStream(stderr, true, UTF_8));
  private final LateProducer producer = new LateProducer();

  @Test
  void tellsTheNewOffsetsAndWhatBecameOfAll() {
    var republication = republication(OutputFormat.TABLE, stdout);

    assertThat(republication.run(pages(batch(4, 2, "a", "b")))).isZero();

    assertThat(out()).isEqualTo("offsets 4-5 are now orders/0@100-101\n");
    assertThat(err())
        .contains("2 records written (2 of them at offsets that the log no longer keeps)")
        .doesNotContain("--from");
  }

  @Test
  void failsIfSomethingIsDamaged() {
    var republication = republication(OutputFormat.TABLE, stdout);

    assertThat(republication.run(pages(batch(4, 2, "a"), stray(50)))).isEqualTo(1);
  }

  @Test
  void tellsItAlsoIfAPageCannotBeRead() {
    notes.beQuiet();
    SalvagePages gone =
        wantsMore -> {
          assertThat(wantsMore.test(batch(4, 2, "a", "b"))).isTrue();
          throw new NaruException(ErrorCode.SALVAGE_NOT_FOUND, "Expected a page");
        };
    var republication = republication(OutputFormat.JSONL, stdout);

    assertThatThrownBy(() -> republication.run(gone)).hasMessage("Expected a page");

    assertThat(producer.values()).containsExactly("a", "b");
    assertThat(out().lines())
        .hasSize(2)
        .first()
        .asString()
        .contains("\"kind\":\"run\"", "\"fromOffset\":\"4\"", "\"newOffset\":\"100\"");
    assertThat(out())
        .contains("\"kind\":\"summary\"", "\"records\":\"2\"", "\"complete\":false")
        .contains("\"firstOpen\":\"" + FILE + ":400:6\"", "\"behindAll\":\"" + FILE + ":400:6\"");
    assertThat(err())
        .contains(
            "this ended before all was written:",
            "2 records written to orders/0",
            "--from " + FILE + ":400:6 goes on behind what is written");
  }

  @Test
  void endsWithTheReasonOfTheRecordThatWasNotWritten() {
    var republication = republication(OutputFormat.TABLE, stdout);

    assertThatThrownBy(
            () -> republication.run(pages(batch(4, 2, "a", "large"), batch(6, 2, "never"))))
        .isInstanceOf(NaruException.class)
        .hasMessage("Expected less");

    assertThat(producer.values()).containsExactly("a");
    assertThat(out()).isEqualTo("offsets 4-4 are now orders/0@100-100\n");
    assertThat(err()).contains("--from " + FILE + ":400:6 leaves out what was refused");
  }

  @Test
  void isNotDoneInSilenceWhenNobodyReadsItsOutput() {
    var republication = republication(OutputFormat.TABLE, new Closed());

    assertThatThrownBy(
            () -> republication.run(pages(batch(4, 2, "a"), batch(9, 2, "b"), batch(10, 2, "c"))))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("stdout was closed");

    assertThat(err())
        .contains("2 records written", "--from " + FILE + ":900:10 goes on behind what is written");
    assertThat(producer.values()).containsExactly("a", "b");
  }

  @Test
  void aSignalEndsItBehindTheBatchThatIsOnItsWay() {
    var republication = republication(OutputFormat.JSONL, stdout);
    var signal = new Thread(republication::stop, "signal");
    producer.beforeFlush(() -> {
      signal.start();
      await(signal, Thread.State.TIMED_WAITING); // it has said stop, and waits to hear the account
    });

    int status = republication.run(pages(batch(4, 2, "a"), batch(5, 2, "never")));

    assertThat(status).isEqualTo(1);
    assertThat(producer.values()).containsExactly("a");
    assertThat(err()).contains("1 record written", "--from " + FILE + ":400:5 goes on");
    assertThat(out()).contains("\"complete\":false", "\"inDoubt\":\"0\"");
  }

  private static void await(Thread thread, Thread.State state) {
    while (thread.getState() != state) {
      Thread.onSpinWait();
    }
  }

  private Republication republication(OutputFormat format, OutputStream stream) {
    var report = RepublishReport.of(format, new Stdout(stream));
    var rewriting =
        new Rewriting(_ -> producer, TARGET, run -> report.run(TARGET, run), System::nanoTime);
    var pass =
        new Republishing(
            SalvageReason.CUT_TAIL,
            Optional.empty(),
            StartingPoint.beginning(),
            rewriting,
            notes,
            false);
    var entry = Tails.entry(1, SalvageReason.CUT_TAIL, 4, OptionalLong.empty());
    return new Republication(entry, TARGET, pass, rewriting, report, notes);
  }

  private String out() {
    return stdout.toString(UTF_8);
  }

  private String err() {
    return stderr.toString(UTF_8);
  }

  /** What head leaves behind. */
  private static final class Closed extends OutputStream {

    @Override
    public void write(int one) throws IOException {
      throw new IOException("Broken pipe");
    }
  }
}
