package dev.naru.cli.salvage;

import static dev.naru.cli.salvage.Tails.batch;
import static dev.naru.cli.salvage.Tails.pages;
import static dev.naru.cli.salvage.Tails.stray;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.admin.SalvagePage.Piece;
import dev.naru.client.admin.SalvageReason;
import dev.naru.log.inspect.Detail;
import dev.naru.record.Compression;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShowingTest {

  private final List<Detail> told = new ArrayList<>();

  @Test
  void saysThatItWasCutOnlyIfThereIsMore() {
    assertThat(show(false, 2, batch(4, 2, "a"), batch(5, 2, "b")).text())
        .isEqualTo("2 batches, 2 records: sound");
    assertThat(show(false, 1, batch(4, 2, "a"), batch(5, 2, "b")).text())
        .isEqualTo("1 batch, 1 record: sound so far; --max ended it");
    assertThat(show(true, 1, batch(4, 2, "a", "b")).isAll()).isFalse();
    assertThat(show(true, 2, batch(4, 2, "a", "b")).isAll()).isTrue();
    assertThat(show(true, 0).isAll()).isFalse();
  }

  @Test
  void tellsTheEndOfATornTailFromDamage() {
    assertThat(show(false, 9, batch(4, 2, "a"), stray(50)).text())
        .isEqualTo("1 batch, 1 record: sound up to where it was torn off");
    assertThat(show(false, 9, stray(50), batch(4, 2, "a")).text())
        .isEqualTo("1 batch, 1 record: 1 time DAMAGED");
  }

  @Test
  void showsTheRecordsOfACompressedBatch() {
    show(true, 9, batch(4, 2, Compression.LZ4, "a".repeat(5_000).getBytes(UTF_8)));

    assertThat(told)
        .filteredOn(Detail.OneRecord.class::isInstance)
        .singleElement()
        .isInstanceOfSatisfying(
            Detail.OneRecord.class,
            record ->
                assertThat(record.record().value().orElseThrow().remaining()).isEqualTo(5_000));
  }

  private Showing.Count show(boolean isWithRecords, long most, Piece... pieces) {
    return new Showing(isWithRecords, SalvageReason.TORN_TAIL, most, told::add).run(pages(pieces));
  }
}
