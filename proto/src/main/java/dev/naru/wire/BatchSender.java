package dev.naru.wire;

import dev.naru.record.BatchBytes;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Hands messages with batches to gRPC. Any thread may call. */
@FunctionalInterface
public interface BatchSender {

  /** Copies them, which every transport can take. */
  BatchSender COPYING = BatchStream::new;

  /**
   * The message as a stream that gRPC takes once and closes. The caller holds the batches until
   * gRPC has taken the stream; if the stream needs them longer, it retains them.
   *
   * @param header the fields before the batches, the batches' tag and length
   */
  InputStream stream(ByteBuffer header, BatchBytes batches);
}
