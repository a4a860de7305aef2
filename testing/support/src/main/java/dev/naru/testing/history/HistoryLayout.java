package dev.naru.testing.history;

import dev.naru.testing.history.Operation.Answered;
import dev.naru.testing.history.Operation.OfMember;
import dev.naru.testing.history.Operation.Polled;
import dev.naru.testing.history.Operation.Positioned;
import dev.naru.testing.history.Operation.Released;
import dev.naru.testing.history.Operation.SendFailed;
import dev.naru.testing.history.Operation.SendInvoked;
import dev.naru.testing.history.Operation.SendOk;
import dev.naru.testing.history.Operation.SendUnknown;
import dev.naru.testing.history.Operation.SessionBegan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The bytes of a history: entries of 40 bytes, so that a torn one is seen by the file's length.
 *
 * <pre>
 *  0 kind   1 flags   2 zero (2)   4 number of the partition (4)   8 time (8)
 * 16 value, producer, group, other time, or length of a name (8)
 * 24 offset, partition, or acks (8)  32 leader epoch (4)             36 zero (4)
 * </pre>
 *
 * A definition gives a partition its number; its topic's name follows, filled up to whole entries.
 * Names are text: no byte of them is a kind.
 */
final class HistoryLayout {

  static final int ENTRY_BYTES = 40;

  /** So that a definition always fits the writer's buffer. */
  private static final int TOPIC_BYTES_MAX = 1000;

  private static final long MAGIC = 0x4e6172754869_0001L; // NaruHi, version 1

  static final byte HEADER = 1;
  static final byte DEFINITION = 2;
  static final byte END = 3;
  private static final byte SESSION_BEGAN = 4;
  private static final byte SEND_INVOKED = 5;
  private static final byte SEND_OK = 6;
  private static final byte SEND_FAILED = 7;
  private static final byte SEND_UNKNOWN = 8;
  private static final byte POLLED = 9;
  private static final byte POSITIONED = 10;
  private static final byte RELEASED = 11;
  private static final byte ANSWERED = 12;

  /** What may be absent is there. */
  static final int PRESENT = 1;

  /** Of an answer: it is the high watermark. */
  private static final int UPPER = 2;

  private static final int NUMBER_AT = 4;
  private static final int TIME_AT = 8;
  private static final int VALUE_AT = 16;
  private static final int OFFSET_AT = 24;
  private static final int EPOCH_AT = 32;

  private HistoryLayout() {}

  // ---- writing

  static void putHeader(ByteBuffer to) {
    put(to, HEADER, 0, 0, 0, MAGIC, 0, 0);
  }

  static void putEnd(ByteBuffer to) {
    put(to, END, 0, 0, 0, 0, 0, 0);
  }

  static Optional<PartitionName> partitionOf(Operation operation) {
    return switch (operation) {
      case SendOk ok -> Optional.of(ok.partition());
      case Polled polled -> Optional.of(polled.partition());
      case Positioned positioned -> Optional.of(positioned.partition());
      case Released released -> Optional.of(released.partition());
      case Answered answered -> Optional.of(answered.partition());
      case OfMember member -> MemberLayout.partitionOf(member);
      case SessionBegan _, SendInvoked _, SendFailed _, SendUnknown _ -> Optional.empty();
    };
  }

  static ByteBuffer definition(PartitionName partition, int number) {
    byte[] topic = partition.topic().getBytes(StandardCharsets.UTF_8);
    if (topic.length > TOPIC_BYTES_MAX) {
      throw new IllegalArgumentException(
          "Expected a topic of at most %d bytes, but has %d"
              .formatted(TOPIC_BYTES_MAX, topic.length));
    }
    var definition = ByteBuffer.allocate(ENTRY_BYTES + paddedBytes(topic.length));
    put(definition, DEFINITION, 0, number, 0, topic.length, partition.partition(), 0);
    definition.put(topic);
    return definition.clear();
  }

  static void put(Operation operation, int number, ByteBuffer to) {
    long at = operation.atNanos();
    switch (operation) {
      case SessionBegan began ->
          put(
              to,
              SESSION_BEGAN,
              began.repeats() ? PRESENT : 0,
              0,
              at,
              began.producer(),
              began.acks().code(),
              0);
      case SendInvoked(_, var value) -> put(to, SEND_INVOKED, 0, 0, at, value.packed(), 0, 0);
      case SendOk(_, var value, _, var offset) ->
          put(
              to,
              SEND_OK,
              offset.isPresent() ? PRESENT : 0,
              number,
              at,
              value.packed(),
              offset.orElse(0),
              0);
      case SendFailed(_, var value) -> put(to, SEND_FAILED, 0, 0, at, value.packed(), 0, 0);
      case SendUnknown(_, var value) -> put(to, SEND_UNKNOWN, 0, 0, at, value.packed(), 0, 0);
      case Polled(_, _, long offset, int epoch, var value) ->
          put(
              to,
              POLLED,
              value.isPresent() ? PRESENT : 0,
              number,
              at,
              value.map(Value::packed).orElse(0L),
              offset,
              epoch);
      case Positioned(_, _, var offset) ->
          put(to, POSITIONED, offset.isPresent() ? PRESENT : 0, number, at, 0, offset.orElse(0), 0);
      case Released _ -> put(to, RELEASED, 0, number, at, 0, 0, 0);
      case Answered(long invoked, _, _, var bound, long offset, var epoch) ->
          put(
              to,
              ANSWERED,
              (epoch.isPresent() ? PRESENT : 0) | (bound == Bound.HIGH_WATERMARK ? UPPER : 0),
              number,
              at,
              invoked,
              offset,
              epoch.orElse(0));
      case OfMember member -> MemberLayout.put(member, number, to);
    }
  }

  static void put(
      ByteBuffer to,
      byte kind,
      int flags,
      int number,
      long at,
      long value,
      long offset,
      int epoch) {
    to.put(kind).put((byte) flags).putShort((short) 0).putInt(number).putLong(at);
    to.putLong(value).putLong(offset).putInt(epoch).putInt(0);
  }

  // ---- reading

  static boolean isHeader(ByteBuffer bytes, int at) {
    return bytes.get(at) == HEADER && bytes.getLong(at + VALUE_AT) == MAGIC;
  }

  /** How many bytes of name follow a definition. */
  static int nameBytes(ByteBuffer bytes, int at) {
    return paddedBytes((int) bytes.getLong(at + VALUE_AT));
  }

  static PartitionName defined(ByteBuffer bytes, int at) {
    byte[] topic = new byte[(int) bytes.getLong(at + VALUE_AT)];
    bytes.get(at + ENTRY_BYTES, topic);
    return new PartitionName(
        new String(topic, StandardCharsets.UTF_8), (int) bytes.getLong(at + OFFSET_AT));
  }

  static int number(ByteBuffer bytes, int at) {
    return bytes.getInt(at + NUMBER_AT);
  }

  static boolean namesPartition(byte kind) {
    return switch (kind) {
      case SEND_OK, POLLED, POSITIONED, RELEASED, ANSWERED -> true;
      default -> MemberLayout.namesPartition(kind);
    };
  }

  /** Of a partition only where the kind names one. */
  static Operation get(ByteBuffer bytes, int at, Optional<PartitionName> of) {
    byte kind = bytes.get(at);
    int flags = bytes.get(at + 1);
    boolean isPresent = (flags & PRESENT) != 0;
    long time = bytes.getLong(at + TIME_AT);
    long value = bytes.getLong(at + VALUE_AT);
    long offset = bytes.getLong(at + OFFSET_AT);
    int epoch = bytes.getInt(at + EPOCH_AT);
    return switch (kind) {
      case SESSION_BEGAN -> new SessionBegan(time, (int) value, Acks.of((int) offset), isPresent);
      case SEND_INVOKED -> new SendInvoked(time, Value.unpacked(value));
      case SEND_OK ->
          new SendOk(time, Value.unpacked(value), of.orElseThrow(), optional(isPresent, offset));
      case SEND_FAILED -> new SendFailed(time, Value.unpacked(value));
      case SEND_UNKNOWN -> new SendUnknown(time, Value.unpacked(value));
      case POLLED ->
          new Polled(
              time,
              of.orElseThrow(),
              offset,
              epoch,
              isPresent ? Optional.of(Value.unpacked(value)) : Optional.empty());
      case POSITIONED -> new Positioned(time, of.orElseThrow(), optional(isPresent, offset));
      case RELEASED -> new Released(time, of.orElseThrow());
      case ANSWERED ->
          new Answered(
              value,
              time,
              of.orElseThrow(),
              (flags & UPPER) != 0 ? Bound.HIGH_WATERMARK : Bound.LOG_START,
              offset,
              isPresent ? OptionalInt.of(epoch) : OptionalInt.empty());
      default -> MemberLayout.get(kind, time, value, optional(isPresent, offset), of);
    };
  }

  private static OptionalLong optional(boolean isPresent, long offset) {
    return isPresent ? OptionalLong.of(offset) : OptionalLong.empty();
  }

  /** Whether the last entry is that of a client that ended. */
  static boolean endsWhole(Path path) {
    try (var file = FileChannel.open(path)) {
      long size = file.size();
      if (size % ENTRY_BYTES != 0 || size < 2 * ENTRY_BYTES) {
        return false;
      }
      var kind = ByteBuffer.allocate(1);
      return file.read(kind, size - ENTRY_BYTES) == 1 && kind.get(0) == END;
    } catch (IOException e) {
      throw new UncheckedIOException("Could not read the history " + path, e);
    }
  }

  private static int paddedBytes(int bytes) {
    return (bytes + ENTRY_BYTES - 1) / ENTRY_BYTES * ENTRY_BYTES;
  }
}
