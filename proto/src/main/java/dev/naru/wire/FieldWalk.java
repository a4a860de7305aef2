package dev.naru.wire;

import com.google.protobuf.WireFormat;
import java.nio.ByteBuffer;

/** Goes over the fields of a protobuf message, where it lies, to the batches at its end. */
final class FieldWalk {

  private static final int VARINT_BYTES_MAX = 10;

  /** What no varint of a length or a tag is. */
  private static final long TORN = -1;

  private final ByteBuffer message;
  private final int end;
  private int position;
  private int fieldStart;

  /** Over what lies between the buffer's position and its limit, which stay. */
  FieldWalk(ByteBuffer message) {
    this.message = message;
    position = message.position();
    end = message.limit();
  }

  /** Whether the message ends with batches, as ours all do; it may yet be something else. */
  boolean reachesBatches() {
    while (position < end) {
      fieldStart = position;
      long tag = varint();
      if (tag == BatchMarshaller.BATCHES_TAG) {
        return varint() == end - position;
      }
      if (!skips((int) tag & 7)) {
        return false;
      }
    }
    return false;
  }

  /** Where the fields before the batches end. */
  int headerEnd() {
    return fieldStart;
  }

  /** Where the batches begin. */
  int batchesStart() {
    return position;
  }

  private boolean skips(int wireType) {
    long bytes =
        switch (wireType) {
          case WireFormat.WIRETYPE_VARINT -> varint() == TORN ? TORN : 0;
          case WireFormat.WIRETYPE_FIXED32 -> Integer.BYTES;
          case WireFormat.WIRETYPE_FIXED64 -> Long.BYTES;
          case WireFormat.WIRETYPE_LENGTH_DELIMITED -> varint();
          default -> TORN; // a group, which nobody uses, or no field at all
        };
    if (bytes < 0 || bytes > end - position) {
      return false;
    }
    position += (int) bytes;
    return true;
  }

  private long varint() {
    long value = 0;
    for (int i = 0; i < VARINT_BYTES_MAX && position < end; i++) {
      byte next = message.get(position++);
      value |= (next & 0x7fL) << (7 * i);
      if (next >= 0) {
        return value;
      }
    }
    return TORN;
  }
}
