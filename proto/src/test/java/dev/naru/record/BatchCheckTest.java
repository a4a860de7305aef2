package dev.naru.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.record.Drafts.Draft;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class BatchCheckTest {

  private static final int LIMIT = 1 << 20;

  /** Two records of 11 bytes each, so that a test can say which byte it spoils. */
  private static final List<Draft> TWO =
      List.of(
          new Draft(1_000, new byte[] {1}, new byte[] {2, 3, 4}, List.of()),
          new Draft(1_005, new byte[] {1}, new byte[] {2, 3, 4}, List.of()));

  private static final int FIRST = BatchHeader.SIZE;
  private static final int SECOND = FIRST + 11;

  @Test
  void passesASoundBatch() {
    var batch = spoiled(bytes -> {});

    assertThat(BatchCheck.frame(batch, batch.size())).isEmpty();
    assertThat(BatchCheck.frames(batch)).isEmpty();
    assertThat(BatchCheck.frames(BatchBytes.EMPTY)).isEmpty();
    assertThat(BatchCheck.checksum(batch)).isEmpty();
    assertThat(BatchCheck.clientBatch(batch)).isEmpty();
  }

  @Test
  void refusesABatchAboveTheLimit() {
    var batch = spoiled(bytes -> {});

    refuses(
        BatchCheck.frame(batch, 82),
        ErrorCode.RECORD_TOO_LARGE,
        "Expected a batch of at most 82 bytes, but was 83");
  }

  @Test
  void refusesFewerBytesThanAHeader() {
    refuses(
        BatchCheck.frame(spoiled(bytes -> {}).slice(0, 60), LIMIT),
        ErrorCode.CORRUPT_RECORD,
        "Expected a batch of at least 61 bytes, but 60 are left");
    refuses(
        BatchCheck.frame(BatchBytes.EMPTY, LIMIT),
        ErrorCode.CORRUPT_RECORD,
        "Expected a batch of at least 61 bytes, but 0 are left");
  }

  @Test
  void refusesAnotherMagic() {
    refuses(
        BatchCheck.frame(spoiled(bytes -> bytes.put(16, (byte) 1)), LIMIT),
        ErrorCode.UNSUPPORTED_VERSION,
        "Expected magic 2, but was 1");
  }

  @Test
  void refusesALengthThatIsNotThatOfTheBytes() {
    for (int length : new int[] {Integer.MIN_VALUE, -1, 0, 48, 72, Integer.MAX_VALUE}) {
      var batch = spoiled(bytes -> bytes.putInt(8, length));

      refuses(
          BatchCheck.frame(batch, LIMIT),
          ErrorCode.CORRUPT_RECORD,
          "Expected a batch of 61 to 83 bytes, but was " + (length + 12));
      refuses(
          BatchCheck.frames(batch),
          ErrorCode.CORRUPT_RECORD,
          "Expected a batch of 61 to 83 bytes, but was " + (length + 12));
    }
    refuses(
        BatchCheck.frame(spoiled(bytes -> bytes.putInt(8, 60)), LIMIT),
        ErrorCode.CORRUPT_RECORD,
        "Expected one batch of 72 bytes, but were 83");
  }

  @Test
  void refusesTwoBatchesWhereOneIsDue() {
    var one = spoiled(bytes -> {});
    var two =
        BatchBytes.of(
            ByteBuffer.allocate(2 * one.size())
                .put(one.asByteBuffer())
                .put(one.asByteBuffer())
                .flip());

    assertThat(BatchCheck.frames(two)).isEmpty();
    refuses(
        BatchCheck.frame(two, LIMIT),
        ErrorCode.CORRUPT_RECORD,
        "Expected one batch of 83 bytes, but were 166");
  }

  @Test
  void refusesEveryBitThatFlipsUnderTheChecksum() {
    var sound = spoiled(bytes -> {});
    for (int bit = 8 * BatchHeader.ATTRIBUTES; bit < 8 * sound.size(); bit++) {
      int flipped = bit;
      var batch = flip(sound, flipped);

      assertThat(BatchCheck.checksum(batch)).map(Refused::code).hasValue(ErrorCode.CORRUPT_RECORD);
    }
    assertThat(BatchCheck.checksum(flip(sound, 8 * 20)).orElseThrow().reason())
        .matches(
            "Expected the checksum \\p{XDigit}{8} of the batch with base offset 0, but was .*");
  }

  @Test
  void refusesAttributesThatOnlyNodesWrite() {
    refusesAttributes(0x20, "Expected records, but was a control batch, which only nodes write");
    refusesAttributes(
        0x10, "Expected records outside a transaction, but the transactional bit is set");
    refusesAttributes(
        0x08, "Expected timestamps of the client, but the bit for append time is set");
    refusesAttributes(0x40, "Expected no reserved attribute bits, but were 0040");
    refusesAttributes(0x8000, "Expected no reserved attribute bits, but were 8000");
  }

  private static void refusesAttributes(int attributes, String reason) {
    refuses(
        BatchCheck.clientBatch(spoiled(bytes -> bytes.putShort(21, (short) attributes))),
        ErrorCode.INVALID_RECORD,
        reason);
  }

  @Test
  void refusesAnUnknownCodec() {
    refuses(
        BatchCheck.clientBatch(spoiled(bytes -> bytes.putShort(21, (short) 5))),
        ErrorCode.UNSUPPORTED_COMPRESSION,
        "Expected a codec of number 0 to 4, but was 5");
  }

  @Test
  void takesNumbersOfAProducerWholeOrNotAtAll() {
    assertThat(BatchCheck.clientBatch(spoiled(bytes -> numbers(bytes, 9, 0, 0)))).isEmpty();
    assertThat(BatchCheck.clientBatch(spoiled(bytes -> numbers(bytes, -1, -1, -1)))).isEmpty();
    refusesNumbers(9, 0, -1);
    refusesNumbers(9, -1, 0);
    refusesNumbers(-1, 0, 0);
    refusesNumbers(-1, -1, 0);
    refusesNumbers(-2, -2, -2);
  }

  private static void refusesNumbers(long id, int epoch, int sequence) {
    refuses(
        BatchCheck.clientBatch(spoiled(bytes -> numbers(bytes, id, epoch, sequence))),
        ErrorCode.INVALID_RECORD,
        "Expected id, epoch and sequence of a producer, or -1 for each of them, but were %d, %d and %d"
            .formatted(id, epoch, sequence));
  }

  private static void numbers(ByteBuffer bytes, long id, int epoch, int sequence) {
    bytes.putLong(43, id).putShort(51, (short) epoch).putInt(53, sequence);
  }

  @Test
  void refusesCountsThatDoNotAgree() {
    refuses(
        BatchCheck.clientBatch(spoiled(bytes -> bytes.putInt(57, 0))),
        ErrorCode.INVALID_RECORD,
        "Expected at least one record, but were 0");
    refuses(
        BatchCheck.clientBatch(spoiled(bytes -> bytes.putInt(57, 3))),
        ErrorCode.CORRUPT_RECORD,
        "Expected a last offset delta of one less than the record count, but were 1 and 3");
    refuses(
        BatchCheck.clientBatch(spoiled(bytes -> bytes.putInt(57, -1).putInt(23, -2))),
        ErrorCode.CORRUPT_RECORD,
        "Expected a last offset delta of one less than the record count, but were -2 and -1");
  }

  @Test
  void refusesMoreOrFewerRecordsThanItCounts() {
    refuses(
        BatchCheck.clientBatch(spoiled(bytes -> bytes.putInt(57, 3).putInt(23, 2))),
        ErrorCode.CORRUPT_RECORD,
        "Expected more of the record at byte 83, but it ends there");
    refuses(
        BatchCheck.clientBatch(spoiled(bytes -> bytes.putInt(57, 1).putInt(23, 0))),
        ErrorCode.CORRUPT_RECORD,
        "Expected the end of the batch at byte 72, but more follows");
  }

  @Test
  void refusesRecordsThatDoNotFillTheirLength() {
    refusesRecordByte(FIRST, 0x13, "Expected a record of 0 to 21 bytes at byte 62, but was -10");
    refusesRecordByte(SECOND, 0x7e, "Expected a record of 0 to 10 bytes at byte 73, but was 63");
    refusesRecordByte(SECOND, 0x12, "Expected more of the record at byte 82, but it ends there");
    refusesRecordByte(
        FIRST, 0x16, "Expected a record that fills its length at byte 72, but 1 bytes are left");
  }

  @Test
  void refusesOffsetDeltasThatDoNotCountUp() {
    refusesRecordByte(SECOND + 3, 0x04, "Expected offset delta 1 at byte 76, but was 2");
    refusesRecordByte(SECOND + 3, 0x00, "Expected offset delta 1 at byte 76, but was 0");
    refusesRecordByte(FIRST + 3, 0x01, "Expected offset delta 0 at byte 65, but was -1");
  }

  @Test
  void refusesLengthsThatLeaveTheRecord() {
    refusesRecordByte(FIRST + 4, 0x03, "Expected a key of -1 to 6 bytes at byte 66, but was -2");
    refusesRecordByte(FIRST + 6, 0x0c, "Expected a value of -1 to 4 bytes at byte 68, but was 6");
    refusesRecordByte(FIRST + 10, 0x02, "Expected 0 to 0 headers at byte 72, but was 1");
    refusesRecordByte(FIRST + 10, 0x01, "Expected 0 to 0 headers at byte 72, but was -1");
  }

  private static void refusesRecordByte(int at, int value, String reason) {
    refuses(
        BatchCheck.clientBatch(spoiled(bytes -> bytes.put(at, (byte) value))),
        ErrorCode.CORRUPT_RECORD,
        reason);
  }

  @Test
  void refusesAttributesOfARecord() {
    refuses(
        BatchCheck.clientBatch(spoiled(bytes -> bytes.put(FIRST + 1, (byte) 1))),
        ErrorCode.INVALID_RECORD,
        "Expected no attributes of a record, but were 1");
  }

  @Test
  void refusesAMaximumTimestampThatNoRecordHas() {
    refuses(
        BatchCheck.clientBatch(spoiled(bytes -> bytes.putLong(35, 1_006))),
        ErrorCode.INVALID_RECORD,
        "Expected the maximum timestamp 1006, but the greatest in the batch was 1005");
  }

  @Test
  void refusesMoreHeadersThanTheLimit() {
    assertThat(BatchCheck.clientBatch(withHeaders(BatchCheck.HEADERS_MAX))).isEmpty();
    refuses(
        BatchCheck.clientBatch(withHeaders(BatchCheck.HEADERS_MAX + 1)),
        ErrorCode.INVALID_RECORD,
        "Expected at most 10000 headers, but were 10001");
  }

  private static BatchBytes withHeaders(int count) {
    var headers = new ArrayList<>(Collections.nCopies(count, RecordHeader.withoutValue("retried")));
    return Drafts.encode(List.of(new Draft(1, null, null, headers)), Compression.NONE);
  }

  private static BatchBytes spoiled(Consumer<ByteBuffer> spoil) {
    var bytes = ByteBuffer.allocate(200);
    bytes.put(Drafts.encode(TWO, Compression.NONE).asByteBuffer()).flip();
    spoil.accept(bytes);
    return BatchBytes.of(bytes);
  }

  private static BatchBytes flip(BatchBytes batch, int bit) {
    byte[] bytes = new byte[batch.size()];
    batch.asByteBuffer().get(bytes);
    bytes[bit / 8] ^= (byte) (1 << (bit % 8));
    return BatchBytes.of(ByteBuffer.wrap(bytes));
  }

  private static void refuses(Optional<Refused> refused, ErrorCode code, String reason) {
    assertThat(refused).hasValue(new Refused(code, reason));
  }
}
