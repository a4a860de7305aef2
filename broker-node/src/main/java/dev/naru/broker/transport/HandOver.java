package dev.naru.broker.transport;

import dev.naru.record.BatchBytes;
import dev.naru.wire.BatchSender;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Hands batches to a connection without copying them.
 *
 * <p>gRPC asks a message for its length, then the connection's allocator for a buffer, writes the
 * five bytes of its own in front and drains the message into the rest, all on one thread. So the
 * message, when it is asked for its length, waits for that buffer to be asked for; the {@link
 * #ALLOCATOR} gives one that holds the message already; and there is nothing to drain. Were gRPC to
 * do it otherwise, the message would be copied as any other.
 */
public final class HandOver {

  /** For the connections on which messages are handed over; everything else comes from the pool. */
  static final ByteBufAllocator ALLOCATOR = new Allocator();

  /** Hands over what is worth it, and copies the rest. */
  public static final BatchSender SENDER = HandOver::stream;

  /** Copied in less time than the buffers around it are made. */
  private static final int BYTES_MIN = 4 << 10;

  /** What gRPC writes in front of a message. */
  private static final int FRAME_HEADER_BYTES = 5;

  /** The message whose length was asked for last, on this thread. */
  private static final ThreadLocal<Waiting> WAITING = ThreadLocal.withInitial(Waiting::new);

  private HandOver() {}

  private static InputStream stream(ByteBuffer header, BatchBytes batches) {
    return batches.size() >= BYTES_MIN && batches.asByteBuffer().isDirect()
        ? new Message(header, batches)
        : BatchSender.COPYING.stream(header, batches);
  }

  private static final class Waiting {
    @Nullable Message message;
  }

  /** A message that is taken by its buffer, or copied like any other. */
  private static final class Message extends InputStream implements KnownLength, Drainable {

    private final ByteBuffer header;
    private final BatchBytes batches;
    private final InputStream plain;
    private @Nullable ByteBuf given;

    Message(ByteBuffer header, BatchBytes batches) {
      this.header = header;
      this.batches = batches;
      plain = BatchSender.COPYING.stream(header.duplicate(), batches);
    }

    @Override
    public int available() throws IOException {
      WAITING.get().message = this;
      return plain.available();
    }

    /** Whoever asked for the buffer owns it, and with it a hold of the batches. */
    ByteBuf give() {
      var head =
          PooledByteBufAllocator.DEFAULT.directBuffer(FRAME_HEADER_BYTES + header.remaining());
      head.writerIndex(FRAME_HEADER_BYTES).writeBytes(header.duplicate());
      var buffer = new Held(head, batches.retain());
      given = buffer;
      return buffer.setIndex(0, 0);
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      WAITING.get().message = null;
      if (given == null || given.writerIndex() != FRAME_HEADER_BYTES) {
        return ((Drainable) plain).drainTo(target);
      }
      given.writerIndex(given.capacity());
      return given.capacity() - FRAME_HEADER_BYTES;
    }

    @Override
    public int read() throws IOException {
      return plain.read();
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      return plain.read(to, offset, length);
    }

    @Override
    public void close() {
      WAITING.get().message = null;
    }
  }

  /** A message in two pieces, the second of which are the batches where they lie. */
  private static final class Held extends CompositeByteBuf {

    /** HTTP/2 may add the messages that follow; with fewer it would copy them all together. */
    private static final int PARTS_MAX = Integer.MAX_VALUE;

    private final BatchBytes batches;

    Held(ByteBuf head, BatchBytes batches) {
      super(PooledByteBufAllocator.DEFAULT, true, PARTS_MAX);
      this.batches = batches;
      addComponents(true, head, Unpooled.wrappedBuffer(batches.asByteBuffer()));
    }

    @Override
    protected void deallocate() {
      super.deallocate();
      batches.release();
    }
  }

  private static final class Allocator extends AbstractByteBufAllocator {

    Allocator() {
      super(true);
    }

    @Override
    public ByteBuf buffer(int initialCapacity, int maxCapacity) {
      var waiting = WAITING.get();
      var message = waiting.message;
      if (message == null || initialCapacity != maxCapacity) {
        return super.buffer(initialCapacity, maxCapacity);
      }
      waiting.message = null;
      return message.give();
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
      return PooledByteBufAllocator.DEFAULT.heapBuffer(initialCapacity, maxCapacity);
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
      return PooledByteBufAllocator.DEFAULT.directBuffer(initialCapacity, maxCapacity);
    }

    @Override
    public boolean isDirectBufferPooled() {
      return true;
    }
  }
}
