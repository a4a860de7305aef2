package dev.naru.wire;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.WireFormat;
import dev.naru.record.BatchBytes;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * Moves a message whose field 15 holds batches. The bytes on the wire are ordinary protobuf; but
 * the batches never become part of a message object: on the way out they follow the message's own
 * bytes, on the way in they stay where they were received.
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

  private BatchMarshaller(M defaultInstance) {
    this.defaultInstance = defaultInstance;
  }

  /** The marshaller of the messages of this class. */
  public static <M extends MessageLite> BatchMarshaller<M> of(M defaultInstance) {
    return new BatchMarshaller<>(defaultInstance);
  }

  @Override
  public InputStream stream(WithBatches<M> message) {
    return BatchStream.of(message.header(), message.batches());
  }

  @Override
  public WithBatches<M> parse(InputStream stream) {
    try {
      return parse(bytesOf(stream));
    } catch (InvalidProtocolBufferException e) {
      throw Status.INTERNAL
          .withDescription("Expected a protobuf message, but " + e.getMessage())
          .withCause(e)
          .asRuntimeException();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One copy: {@code readAllBytes} would not believe the stream's own word and copy twice. */
  private static byte[] bytesOf(InputStream stream) throws IOException {
    if (!(stream instanceof KnownLength)) {
      return stream.readAllBytes();
    }
    byte[] bytes = new byte[stream.available()];
    int count = stream.readNBytes(bytes, 0, bytes.length);
    if (count < bytes.length) {
      throw new EOFException("Expected " + bytes.length + " bytes, but the stream had " + count);
    }
    return bytes;
  }

  private WithBatches<M> parse(byte[] bytes) throws IOException {
    var fields = CodedInputStream.newInstance(bytes);
    var batches = BatchBytes.EMPTY;
    int plainFrom = 0; // where the fields begin that were not yet taken over
    var plain = new ByteArrayOutputStream(0); // filled only when batches are not the last field
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
    @SuppressWarnings("unchecked") // the parser of an instance parses its class
    M header = (M) defaultInstance.getParserForType().parseFrom(plain.toByteArray());
    return new WithBatches<>(header, batches);
  }
}
