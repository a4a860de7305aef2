package dev.naru.cli.salvage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.naru.client.admin.SalvageEntry;
import dev.naru.client.admin.SalvagePage.Bad;
import dev.naru.client.admin.SalvagePage.Batch;
import dev.naru.client.admin.SalvagePage.Claim;
import dev.naru.client.admin.SalvagePage.Piece;
import dev.naru.client.admin.SalvageReason;
import dev.naru.record.BatchBuilder;
import dev.naru.record.BatchBytes;
import dev.naru.record.Compression;
import dev.naru.record.RecordHeader;
import dev.naru.types.HostPort;
import dev.naru.types.LeaderEpoch;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Ends of logs that were cut off, for tests. */
final class Tails {

  /** The time of the record at offset 0; each has a millisecond more. */
  static final long TIME = 1_793_491_200_000L;

  static final UUID TOPIC_ID = new UUID(1, 2);

  static final String FILE = "00000000000000000000.log";

  private static final int ATTRIBUTES_LAST_BYTE = 22;
  private static final int TRANSACTIONAL = 1 << 4;

  private Tails() {}

  /** A batch of records "k" with these values. */
  static Piece batch(long offset, int epoch, String... values) {
    return batch(offset, epoch, List.of(), values);
  }

  static Piece batch(long offset, int epoch, List<RecordHeader> headers, String... values) {
    var builder = new BatchBuilder(1 << 20);
    for (int i = 0; i < values.length; i++) {
      builder.append(TIME + offset + i, "k".getBytes(UTF_8), values[i].getBytes(UTF_8), headers);
    }
    return piece(offset, epoch, builder.build(Compression.NONE));
  }

  /** Compressed like this. */
  static Piece batch(long offset, int epoch, Compression compression, byte[] value) {
    var builder = new BatchBuilder(1 << 20);
    builder.append(TIME + offset, "k".getBytes(UTF_8), value, List.of());
    return piece(offset, epoch, builder.build(compression));
  }

  /** One record that has neither key nor value. */
  static Piece nulls(long offset, int epoch) {
    var builder = new BatchBuilder(1 << 20);
    byte @Nullable [] absent = null;
    builder.append(TIME + offset, absent, absent, List.of(RecordHeader.withoutValue("h")));
    return piece(offset, epoch, builder.build(Compression.NONE));
  }

  /** One whose attributes say that it belongs to a transaction. */
  static Piece transactional(long offset, int epoch, String value) {
    var sound = ((Batch) batch(offset, epoch, value).content()).bytes();
    byte[] bytes = new byte[sound.size()];
    sound.asByteBuffer().get(bytes);
    bytes[ATTRIBUTES_LAST_BYTE] |= TRANSACTIONAL;
    return piece(offset, epoch, BatchBytes.of(ByteBuffer.wrap(bytes)));
  }

  private static Piece piece(long offset, int epoch, BatchBytes bytes) {
    bytes.stamp(offset, new LeaderEpoch(epoch));
    return new Piece(FILE, 10_000, offset * 100, bytes.size(), new Batch(bytes));
  }

  /** The same in another file. */
  static Piece inFile(String file, Piece piece) {
    return new Piece(file, piece.fileBytes(), piece.position(), piece.size(), piece.content());
  }

  static Piece damaged(long offset, int records) {
    return new Piece(
        FILE,
        10_000,
        offset * 100,
        90,
        new Bad("Expected the checksum", Optional.of(new Claim(offset, records))));
  }

  static Piece stray(long bytes) {
    return new Piece(FILE, 10_000, 0, bytes, new Bad("Expected magic 2", Optional.empty()));
  }

  static SalvagePages pages(Piece... pieces) {
    return wantsMore -> {
      for (var piece : pieces) {
        if (!wantsMore.test(piece)) {
          return;
        }
      }
    };
  }

  /** The n-th entry of node 1, of orders/0. */
  static SalvageEntry entry(int number, SalvageReason reason, long from, OptionalLong to) {
    return new SalvageEntry(
        "nodes/1/salvage/0a1b2c3d-" + number,
        1,
        new HostPort("127.0.0.1", 1),
        Optional.of(TOPIC_ID),
        Optional.of("orders"),
        OptionalInt.of(0),
        reason,
        "a sentence",
        new SalvageEntry.Offsets(OptionalLong.of(from), to),
        "1@0",
        Optional.of(Instant.ofEpochMilli(TIME)),
        100,
        1,
        Optional.empty());
  }
}
