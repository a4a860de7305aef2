package dev.naru.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.record.Drafts.Draft;
import dev.naru.testing.Seeds;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RecordReaderTest {

  @Test
  @Tag("S25")
  @Tag("S27")
  void tellsAbsentFromEmpty() {
    var batch =
        Drafts.encode(
            List.of(
                new Draft(1, null, new byte[0], List.of()),
                new Draft(
                    1,
                    new byte[0],
                    null,
                    List.of(
                        RecordHeader.withoutValue("a"),
                        RecordHeader.of("a", ByteBuffer.allocate(0))))),
            Compression.NONE);

    var records = Drafts.readAll(batch);

    assertThat(records.get(0).key()).isEmpty();
    assertThat(records.get(0).value()).hasValue(ByteBuffer.allocate(0));
    assertThat(records.get(1).key()).hasValue(ByteBuffer.allocate(0));
    assertThat(records.get(1).value()).isEmpty();
    assertThat(records.get(1).headers().get(0).value()).isEmpty();
    assertThat(records.get(1).headers().get(1).value()).hasValue(ByteBuffer.allocate(0));
  }

  @Test
  void tellsTheSameFieldByFieldAsInRecords() {
    Seeds.forEach(
        50,
        (seed, random) -> {
          var drafts = Drafts.random(random);
          var batch =
              Drafts.encode(drafts, random.nextBoolean() ? Compression.NONE : Compression.LZ4);

          var expected = Drafts.expected(drafts, 0);
          assertThat(byFields(inMemory(batch, ByteBuffer.allocate(batch.size()))))
              .isEqualTo(expected);
          assertThat(byFields(inMemory(batch, ByteBuffer.allocateDirect(batch.size()))))
              .isEqualTo(expected);
        });
  }

  private static BatchBytes inMemory(BatchBytes batch, ByteBuffer memory) {
    return BatchBytes.of(memory.put(batch.asByteBuffer()).flip());
  }

  private static List<Record> byFields(BatchBytes batch) {
    var records = new ArrayList<Record>();
    var reader = RecordReader.open(batch, InflationLimit.DEFAULT);
    while (reader.advance()) {
      records.add(
          new Record(
              reader.offset(),
              reader.timestamp(),
              Optional.ofNullable(reader.key(RecordReaderTest::part)),
              Optional.ofNullable(reader.value(RecordReaderTest::part)),
              reader.headers()));
    }
    return records;
  }

  private static ByteBuffer part(byte[] bytes, int from, int length) {
    return ByteBuffer.wrap(Arrays.copyOfRange(bytes, from, from + length));
  }

  @Test
  void handsOutViewsThatCannotBeWritten() {
    var batch =
        Drafts.encode(List.of(new Draft(1, null, new byte[9], List.of())), Compression.GZIP);

    var reader = RecordReader.open(batch, InflationLimit.DEFAULT);

    assertThat(reader.next().value().orElseThrow().isReadOnly()).isTrue();
    assertThat(reader.hasNext()).isFalse();
    assertThatThrownBy(reader::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void refusesACountThatTheHeaderCannotMean() {
    var bytes = ByteBuffer.allocate(200);
    bytes.put(
        Drafts.encode(List.of(new Draft(1, null, null, List.of())), Compression.NONE)
            .asByteBuffer());
    var batch = BatchBytes.of(bytes.flip());

    bytes.putInt(BatchHeader.RECORD_COUNT, -1);
    assertThatThrownBy(() -> RecordReader.open(batch, InflationLimit.DEFAULT))
        .hasMessage("CORRUPT_RECORD: Expected a record count >= 0, but was -1");
    bytes.putInt(BatchHeader.RECORD_COUNT, 0);
    assertThatThrownBy(() -> RecordReader.open(batch, InflationLimit.DEFAULT))
        .hasMessage("CORRUPT_RECORD: Expected the end of the batch at byte 61, but more follows");
  }
}
