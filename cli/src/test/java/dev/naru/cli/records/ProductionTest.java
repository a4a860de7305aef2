package dev.naru.cli.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.output.Notes;
import dev.naru.cli.output.OutputFormat;
import dev.naru.cli.output.Stdout;
import dev.naru.cli.output.StdoutClosedException;
import dev.naru.client.NaruException;
import dev.naru.testing.Eventually;
import dev.naru.types.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class ProductionTest {

  private final FakeProducer producer = new FakeProducer();
  private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
  private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();

  @Test
  void printsAcknowledgementsInTheOrderOfTheInput() {
    var run = start("a\nb\nc\n", stdout);
    awaitSent(3);

    producer.ack(2);
    producer.ack(0);
    producer.ack(1);
    run.join();

    assertThat(stdout.toString(UTF_8)).isEqualTo("orders/0@0\norders/0@1\norders/0@2\n");
    assertThat(stderr.toString(UTF_8)).isEqualTo("produced 3 records to orders, 0 failed\n");
  }

  @Test
  void printsAnAcknowledgementBeforeTheNextLineComes() {
    var run = start("a\nb\n", stdout);
    awaitSent(2);

    producer.ack(0);

    Eventually.allowing("the other thread", Duration.ofSeconds(1))
        .until("the ack is printed", () -> stdout.toString(UTF_8).equals("orders/0@0\n"));
    producer.ack(1);
    run.join();
  }

  @Test
  void accountsForAllRecordsAndThenFailsWithTheFirstFailure() {
    var run = start("a\nb\nc\n", stdout);
    awaitSent(3);

    producer.ack(0);
    producer.fail(2, new NaruException(ErrorCode.DISK_FULL, "second"));
    producer.fail(1, new NaruException(ErrorCode.RECORD_TOO_LARGE, "first"));

    assertThatThrownBy(run::join)
        .isInstanceOf(CompletionException.class)
        .rootCause()
        .isInstanceOf(CommandFailure.class)
        .hasMessage("Line 2: first");
    assertThat(stderr.toString(UTF_8)).isEqualTo("produced 1 records to orders, 2 failed\n");
  }

  @Test
  void waitsForEarlierLinesBeforeItRefusesOne() {
    var refused = start("k:a\nnothing\nk:b\n", stdout, ":");
    awaitSent(1);

    assertThat(refused).isNotDone();
    producer.ack(0);

    assertThatThrownBy(refused::join).rootCause().hasMessageContaining("line 2");
    assertThat(producer.count()).isEqualTo(1);
  }

  @Test
  void endsWhenNobodyReadsItsOutput() {
    var closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    var run = start("a\n", closed);
    awaitSent(1);

    producer.ack(0);

    assertThatThrownBy(run::join).rootCause().hasMessage("Broken pipe");
    assertThatThrownBy(run::join).cause().isInstanceOf(StdoutClosedException.class);
  }

  private CompletableFuture<Void> start(String input, OutputStream out, String... separator) {
    var shape =
        new TextLine(
            "orders",
            List.of(separator).stream().findFirst().map(text -> text.getBytes(UTF_8)),
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            List.of());
    var production =
        new Production(
            "orders",
            producer,
            shape,
            AckPrinter.of(Optional.of(OutputFormat.NAME)),
            new Stdout(out),
            new Notes(new PrintStream(stderr, true, UTF_8)));
    return CompletableFuture.runAsync(() -> {
      try {
        var stream = new ByteArrayInputStream(input.getBytes(UTF_8));
        production.run(stream, new byte[] {'\n'}, 0, System::nanoTime);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    });
  }

  private void awaitSent(int count) {
    Eventually.allowing("the other thread", Duration.ofSeconds(1))
        .until("records are sent", () -> producer.count() == count);
  }
}
