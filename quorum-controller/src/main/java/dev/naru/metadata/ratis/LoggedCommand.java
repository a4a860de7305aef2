package dev.naru.metadata.ratis;

import java.nio.ByteBuffer;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/**
 * One entry of the metadata log as Ratis stores it.
 *
 * <pre>
 *  0        8
 *  +--------+---------------------+
 *  | term   | encoded command ... |     the term in which its submitter believed to lead
 *  +--------+---------------------+
 * </pre>
 *
 * The term is compared just before the append and never again: what stands in the log is applied.
 */
record LoggedCommand(long term, ByteBuffer command) {

  /**
   * Wraps the bytes, which must not change any more: Ratis writes them later, from its own threads.
   */
  static ByteString encode(long term, byte[] command) {
    return UnsafeByteOperations.unsafeWrap(
        ByteBuffer.allocate(Long.BYTES + command.length).putLong(term).put(command).flip());
  }

  static LoggedCommand decode(ByteString bytes) {
    ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
    return new LoggedCommand(buffer.getLong(), buffer.slice());
  }

  static boolean isReadable(ByteString bytes) {
    return bytes.size() > Long.BYTES;
  }
}
