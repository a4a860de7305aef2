package dev.naru.metadata.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.metadata.chronicle.EventId;
import dev.naru.metadata.chronicle.Journal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be told does not end the node that it would be told by. */
class ToldJournalTest {

  @ParameterizedTest
  @ValueSource(
      classes = {
        IllegalStateException.class,
        StackOverflowError.class,
        NoClassDefFoundError.class,
        ExceptionInInitializerError.class
      })
  void aFaultLeavesAGapThatIsKnown(Class<? extends Throwable> fault) throws Exception {
    var thrown = fault.getDeclaredConstructor().newInstance();

    var journal = RatisStateMachine.told(Journal.EMPTY, 7, () -> fail(thrown));

    assertThat(journal).isEqualTo(Journal.startingAfter(7));
    assertThat(journal.floor()).isEqualTo(EventId.lastOf(7));
  }

  @Test
  void wantOfMemoryIsTheNodes() {
    var thrown = new OutOfMemoryError("none left");

    assertThatThrownBy(() -> RatisStateMachine.told(Journal.EMPTY, 7, () -> fail(thrown)))
        .isSameAs(thrown);
  }

  private static <T> List<T> fail(Throwable thrown) {
    switch (thrown) {
      case RuntimeException exception -> throw exception;
      case Error error -> throw error;
      default -> throw new AssertionError(thrown);
    }
  }
}
