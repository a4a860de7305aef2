package dev.naru.metadata.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.chronicle.EventSubject.OfCluster;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JournalTest {

  @Test
  void tellsWhatCameAfterAnEventPageByPage() {
    var journal = Journal.EMPTY.with(1, events(1, 2)).with(2, List.of()).with(3, events(3, 2));

    var first = journal.after(EventId.NONE, each -> true, 3);
    var second = journal.after(first.position(), each -> true, 3);

    assertThat(ids(first)).containsExactly("1.0", "1.1", "3.0");
    assertThat(first.isLast()).isFalse();
    assertThat(ids(second)).containsExactly("3.1");
    assertThat(second.isLast()).isTrue();
    assertThat(journal.after(second.position(), each -> true, 3).events()).isEmpty();
    var later = journal.with(4, events(4, 1));
    assertThat(ids(later.after(second.position(), each -> true, 3))).containsExactly("4.0");
  }

  @Test
  void tellsTheNewestFirstToo() {
    var journal = Journal.EMPTY.with(1, events(1, 2)).with(3, events(3, 2));

    var first = journal.before(EventId.lastOf(3), each -> true, 3);
    var second = journal.before(first.position(), each -> true, 3);

    assertThat(ids(first)).containsExactly("3.1", "3.0", "1.1");
    assertThat(ids(second)).containsExactly("1.0");
    assertThat(second.isLast()).isTrue();
  }

  @Test
  void forgetsWholeEntriesAndSaysUpToWhere() {
    var journal =
        Journal.EMPTY.with(1, events(1, 2), 4).with(2, events(2, 2), 4).with(3, events(3, 1), 4);

    assertThat(ids(journal.after(EventId.NONE, each -> true, 9)))
        .containsExactly("2.0", "2.1", "3.0");
    assertThat(journal.count()).isEqualTo(3);
    assertThat(journal.knowsAllAfter(new EventId(1, 0))).isFalse();
    assertThat(journal.knowsAllAfter(new EventId(1, 1))).isTrue();
    assertThat(journal.knowsAllAfter(EventId.lastOf(1))).isTrue();
  }

  @Test
  void keepsWhatCameOfOneEntryTogetherThoughItIsTooMuch() {
    var journal = Journal.EMPTY.with(1, events(1, 2), 4).with(2, events(2, 9), 4);

    assertThat(journal.count()).isEqualTo(9);
    assertThat(journal.floor()).isEqualTo(new EventId(1, 1));
  }

  @Test
  void forgetsTheFirstOfAnEntryThatIsFarTooMuch() {
    var journal = Journal.EMPTY.with(1, events(1, 2), 4).with(2, events(2, 23), 4);

    assertThat(journal.count()).isEqualTo(20);
    assertThat(journal.floor()).isEqualTo(new EventId(2, 2));
    assertThat(ids(journal.after(journal.floor(), each -> true, 1))).containsExactly("2.3");
    assertThat(journal.knowsAllAfter(new EventId(2, 1))).isFalse();
    assertThat(journal.with(3, events(3, 1), 4).count()).isEqualTo(1);
  }

  @Test
  void knowsNothingFromBeforeItsSnapshot() {
    var journal = Journal.startingAfter(70).with(71, events(71, 1));

    assertThat(journal.knowsAllAfter(new EventId(70, 5))).isFalse();
    assertThat(journal.knowsAllAfter(EventId.lastOf(70))).isTrue();
    assertThat(Journal.EMPTY.knowsAllAfter(EventId.NONE)).isTrue();
  }

  @Test
  void looksAtAllEvenIfItWantsFew() {
    var journal = Journal.EMPTY.with(1, events(1, 3)).through(9);

    var page = journal.after(EventId.NONE, each -> each.id().ordinal() == 1, 5);

    assertThat(ids(page)).containsExactly("1.1");
    assertThat(page.position()).isEqualTo(EventId.lastOf(9));
    assertThat(EventId.parse(page.position().toString())).contains(page.position());
  }

  private static List<String> ids(Journal.Page page) {
    return page.events().stream().map(each -> each.id().toString()).toList();
  }

  private static List<ClusterEvent> events(long index, int count) {
    return IntStream.range(0, count)
        .mapToObj(ordinal ->
            new ClusterEvent(
                new EventId(index, ordinal),
                index,
                ClusterEventCode.CONFIG_CHANGED,
                new OfCluster(),
                EventCause.REQUESTED,
                "",
                List.of()))
        .toList();
  }
}
