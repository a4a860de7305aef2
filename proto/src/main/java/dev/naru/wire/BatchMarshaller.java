package dev.naru.wire;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.WireFormat;
import dev.naru.record.BatchBytes;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * Moves a message whose field 15 holds batches. The bytes on the wire are ordinary protobuf; but
 * the batches never become part of a message object: on the way out they follow the message's own
 * bytes, on the way in they stay where they were received, in plain memory or in memory on {@link
 * BatchMemory loan}.
 *
 * <pre>
 * fields 1 to 14 of the message   7a (field 15, length-delimited)   length (varint)   batches
 * </pre>
 *
 * Other programs may write the fields in another order, or twice; that is read as protobuf has it.
 */
public final class BatchMarshaller<M extends MessageLite> implements Marshaller<WithBatches<M>> {

  /** The number of the field that holds batches, in every message that has one. */
  public static final int BATCHES_FIELD = 15;

  static final int BATCHES_TAG = BATCHES_FIELD << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

  private final M defaultInstance;
  private final BatchMemory memory;
  private final BatchSender sender;

  private BatchMarshaller(M defaultInstance, BatchMemory memory, BatchSender sender) {
    this.defaultInstance = defaultInstance;
    this.memory = memory;
    this.sender = sender;
  }

  /** The marshaller of the messages of this class, which copies, and receives into plain memory. */
  public static <M extends MessageLite> BatchMarshaller<M> of(M defaultInstance) {
    return new BatchMarshaller<>(defaultInstance, BatchMemory.PLAIN, BatchSender.COPYING);
  }

  /**
   * The same for the same messages, received into this memory: whoever is handed a message by gRPC
   * then holds its batches, and has to release them.
   */
  public BatchMarshaller<M> into(BatchMemory other) {
    return new BatchMarshaller<>(defaultInstance, other, sender);
  }

  /** The same for the same messages, sent by this sender. */
  public BatchMarshaller<M> by(BatchSender other) {
    return new BatchMarshaller<>(defaultInstance, memory, other);
  }

  @Override
  public InputStream stream(WithBatches<M> message) {
    try {
      return sender.stream(encode(message.header(), message.batches().size()), message.batches());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ByteBuffer encode(MessageLite header, int batchesBytes) throws IOException {
    int size = header.getSerializedSize();
    if (batchesBytes > 0) {
      size += 1 + CodedOutputStream.computeUInt32SizeNoTag(batchesBytes);
    }
    byte[] bytes = new byte[size];
    var out = CodedOutputStream.newInstance(bytes);
    header.writeTo(out);
    if (batchesBytes > 0) {
      out.writeUInt32NoTag(BATCHES_TAG);
      out.writeUInt32NoTag(batchesBytes);
    }
    out.checkNoSpaceLeft();
    return ByteBuffer.wrap(bytes);
  }

  @Override
  public WithBatches<M> parse(InputStream stream) {
    try {
      return stream instanceof KnownLength
          ? parse(stream, stream.available())
          : parsePlain(stream.readAllBytes());
    } catch (InvalidProtocolBufferException e) {
      throw Status.INTERNAL
          .withDescription("Expected a protobuf message, but " + e.getMessage())
          .withCause(e)
          .asRuntimeException();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private WithBatches<M> parse(InputStream stream, int size) throws IOException {
    var lent = memory.lend(size);
    if (lent.isPresent()) {
      return parseInto(lent.get(), stream);
    }
    byte[] bytes = new byte[size];
    ReceivedBytes.fill(ByteBuffer.wrap(bytes), stream);
    return parsePlain(bytes);
  }

  private WithBatches<M> parseInto(BatchMemory.Room room, InputStream stream) throws IOException {
    boolean isKept = false;
    try {
      ReceivedBytes.fill(room.bytes().duplicate(), stream);
      var walk = new FieldWalk(room.bytes());
      if (!walk.reachesBatches()) {
        return parsePlain(copy(room.bytes(), room.bytes().limit()));
      }
      M header = header(copy(room.bytes(), walk.headerEnd()));
      var batches = BatchBytes.leased(room.bytes().position(walk.batchesStart()), room.giveBack());
      isKept = true;
      return new WithBatches<>(header, batches);
    } finally {
      if (!isKept) {
        room.giveBack().run();
      }
    }
  }

  private static byte[] copy(ByteBuffer from, int end) {
    byte[] bytes = new byte[end - from.position()];
    from.get(from.position(), bytes);
    return bytes;
  }

  private WithBatches<M> parsePlain(byte[] bytes) throws IOException {
    var walk = new FieldWalk(ByteBuffer.wrap(bytes));
    return walk.reachesBatches()
        ? new WithBatches<>(
            header(ByteBuffer.wrap(bytes, 0, walk.headerEnd())),
            BatchBytes.of(
                ByteBuffer.wrap(bytes, walk.batchesStart(), bytes.length - walk.batchesStart())))
        : parseInAnyOrder(bytes);
  }

  private WithBatches<M> parseInAnyOrder(byte[] bytes) throws IOException {
    var fields = CodedInputStream.newInstance(bytes);
    var batches = BatchBytes.EMPTY;
    int plainFrom = 0; // where the fields begin that were not yet taken over
    var plain = new ByteArrayOutputStream(bytes.length);
    for (int start = 0; !fields.isAtEnd(); start = fields.getTotalBytesRead()) {
      int tag = fields.readTag();
      if (tag == BATCHES_TAG) {
        int length = fields.readRawVarint32();
        int from = fields.getTotalBytesRead();
        fields.skipRawBytes(length);
        batches = BatchBytes.of(ByteBuffer.wrap(bytes, from, length));
        plain.write(bytes, plainFrom, start - plainFrom);
        plainFrom = from + length;
      } else {
        fields.skipField(tag);
      }
    }
    plain.write(bytes, plainFrom, bytes.length - plainFrom);
    return new WithBatches<>(header(plain.toByteArray()), batches);
  }

  private M header(byte[] bytes) throws InvalidProtocolBufferException {
    return header(ByteBuffer.wrap(bytes));
  }

  @SuppressWarnings("unchecked") // the parser of an instance parses its class
  private M header(ByteBuffer bytes) throws InvalidProtocolBufferException {
    return (M) defaultInstance.getParserForType().parseFrom(bytes);
  }
}
