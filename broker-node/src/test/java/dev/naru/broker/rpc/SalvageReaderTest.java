package dev.naru.broker.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.rpc.SalvageReader.Outcome;
import dev.naru.log.LogFixture;
import dev.naru.log.salvage.SetAside;
import dev.naru.types.ErrorCode;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SalvageReaderTest {

  private static final long LIMIT_MILLIS = 20;

  private final ArrayDeque<Runnable> queue = new ArrayDeque<>();
  private long nowNanos;

  private final SalvageReader reader = reader(queue::add);

  private SalvageReader reader(Executor reads) {
    return new SalvageReader(
        new SalvageDirectory("00000001", "/data/1", new SetAside(LogFixture.formatted())),
        reads,
        () -> nowNanos);
  }

  @Test
  void doesNotTakeADiskForHangingThatNobodyHasAskedYet() {
    assertThat(refusal()).as("nobody reads").isEqualTo(ErrorCode.REQUEST_TIMEOUT);
    nowNanos = TimeUnit.SECONDS.toNanos(4);
    assertThat(refusal())
        .as("the first one waits for a thread")
        .isEqualTo(ErrorCode.TOO_MANY_REQUESTS);

    nowNanos = TimeUnit.SECONDS.toNanos(6);
    queue.remove().run(); // it comes too late, and does nothing
    assertThat(refusal()).isEqualTo(ErrorCode.REQUEST_TIMEOUT);
    queue.remove().run();
  }

  @Test
  void takesDisksForHangingWhenNoThreadComesFree() {
    assertThat(refusal()).isEqualTo(ErrorCode.REQUEST_TIMEOUT);
    nowNanos = TimeUnit.SECONDS.toNanos(6);

    assertThat(refusal()).isEqualTo(ErrorCode.STORAGE_FAILED);
  }

  @Test
  void takesADiskForHangingWhoseReadDoesNotComeBack() {
    var told = new ArrayDeque<ErrorCode>();
    var hung = reader(Runnable::run);

    hung.read(
        LIMIT_MILLIS,
        (_, _) -> {
          nowNanos = TimeUnit.SECONDS.toNanos(6);
          told.add(codeOf(hung.read(LIMIT_MILLIS, (_, _) -> "")));
          return "";
        });

    assertThat(told).containsExactly(ErrorCode.STORAGE_FAILED);
  }

  private ErrorCode refusal() {
    return codeOf(reader.read(LIMIT_MILLIS, (_, _) -> ""));
  }

  private static ErrorCode codeOf(Outcome<String> outcome) {
    if (outcome instanceof Outcome.Failed<String>(var why)) {
      return why.code();
    }
    throw new AssertionError("Expected a refusal, but was " + outcome);
  }
}
