package dev.naru.cli.salvage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.client.admin.SalvageEntry;
import dev.naru.client.admin.SalvagePage;
import dev.naru.client.admin.SalvagePage.Piece;
import dev.naru.client.admin.SalvageReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SalvagePagesTest {

  private static final SalvageEntry OF_100_BYTES =
      Tails.entry(1, SalvageReason.CUT_TAIL, 4, OptionalLong.empty());

  private final List<Piece> seen = new ArrayList<>();

  @Test
  void readsOnUntilThereIsNoNextPage() {
    pages(60, 40).forEach(seen::add);

    assertThat(seen).extracting(Piece::size).containsExactly(60L, 40L);
  }

  @Test
  void doesNotTakeForAllWhatIsLeftOfAnEntryThatIsBeingDeleted() {
    assertThatThrownBy(() -> pages(60, 30).forEach(seen::add))
        .hasMessage("Expected 100 bytes of 1/0a1b2c3d-1, but 90 were read: it is being deleted");
  }

  @Test
  void readsNoFurtherThanTheReaderWants() {
    pages(60, 30)
        .forEach(piece -> {
          seen.add(piece);
          return false;
        });

    assertThat(seen).hasSize(1);
  }

  private static SalvagePages pages(long... sizes) {
    return SalvagePages.of(
        OF_100_BYTES,
        asked -> {
          int number = asked.map(Integer::parseInt).orElse(0);
          return new SalvagePage(
              List.of(Tails.stray(sizes[number])),
              number + 1 < sizes.length
                  ? Optional.of(Integer.toString(number + 1))
                  : Optional.empty());
        });
  }
}
