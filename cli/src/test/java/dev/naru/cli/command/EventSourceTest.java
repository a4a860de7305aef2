package dev.naru.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.client.NaruException;
import dev.naru.client.admin.EventListing;
import dev.naru.types.ErrorCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Whoever follows events is not sent away by what passes. */
class EventSourceTest {

  private static final EventListing NEWS =
      new EventListing(List.of(), "events/9.1", Optional.empty());
  private static final EventListing KNOWN =
      new EventListing(List.of(), "events/12.0", Optional.of("events/10.0"));

  private final ArrayDeque<Supplier<EventListing>> after = new ArrayDeque<>();
  private final ArrayDeque<Supplier<EventListing>> all = new ArrayDeque<>();
  private final List<String> notes = new ArrayList<>();
  private int pauses;
  private final EventSource source =
      new EventSource(
          _ -> after.remove().get(), () -> all.remove().get(), notes::add, () -> pauses++);

  @Test
  void triesAgainWhatMaySucceedLater() {
    after.add(() -> wrapped(ErrorCode.REQUEST_TIMEOUT));
    after.add(() -> thrown(ErrorCode.REQUEST_TIMEOUT));
    after.add(() -> NEWS);

    assertThat(source.next("events/9.0")).isEqualTo(NEWS);
    assertThat(pauses).isEqualTo(2);
    assertThat(notes).hasSize(1);
  }

  @Test
  void passesOverWhatIsForgotten() {
    after.add(() -> wrapped(ErrorCode.OFFSET_OUT_OF_RANGE));
    all.add(() -> KNOWN);

    assertThat(source.next("events/9.0")).isEqualTo(KNOWN);
    assertThat(pauses).isZero();
    assertThat(notes).singleElement().asString().startsWith("some events are missing here: ");
  }

  @Test
  void forgettingGoesOnWhileItReadsOn() {
    after.add(() -> wrapped(ErrorCode.OFFSET_OUT_OF_RANGE));
    all.add(() -> wrapped(ErrorCode.OFFSET_OUT_OF_RANGE));
    after.add(() -> wrapped(ErrorCode.OFFSET_OUT_OF_RANGE));
    all.add(() -> KNOWN);

    assertThat(source.next("events/9.0")).isEqualTo(KNOWN);
    assertThat(pauses).isEqualTo(1);
  }

  @Test
  void whatWaitingDoesNotMendEndsIt() {
    after.add(() -> wrapped(ErrorCode.NOT_AUTHORIZED));

    assertThatThrownBy(() -> source.next("events/9.0")).isInstanceOf(CompletionException.class);
    assertThat(pauses).isZero();
  }

  private static EventListing wrapped(ErrorCode code) {
    throw new CompletionException(new NaruException(code, "Expected an answer"));
  }

  private static EventListing thrown(ErrorCode code) {
    throw new NaruException(code, "Expected an answer");
  }
}
