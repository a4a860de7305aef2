package dev.naru.metadata.codec;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.naru.metadata.command.CommandEnvelope;
import java.nio.ByteBuffer;

/** Commands as the metadata log stores them. The same command always gives the same bytes. */
public final class CommandCodec {

  /**
   * Longest encoded command. Whoever appends refuses a longer one with LIMIT_EXCEEDED: Raft's
   * leader steps down over an entry above 4 MiB.
   */
  public static final int ENCODED_BYTES_MAX = 1 << 20;

  private CommandCodec() {}

  /** The bytes, which belong to the caller. */
  public static byte[] encode(CommandEnvelope envelope) {
    return CommandWriter.write(envelope).toByteArray();
  }

  /** Reads what {@link #encode} wrote; never throws for what the bytes hold. */
  public static Decoded decode(ByteBuffer bytes) {
    try {
      var message = dev.naru.proto.internal.v1.CommandEnvelope.parseFrom(bytes);
      return new Decoded.Command(CommandReader.read(message));
    } catch (InvalidProtocolBufferException e) {
      return new Decoded.Unreadable("Expected an encoded command, but " + e.getMessage());
    } catch (IllegalArgumentException e) {
      return new Decoded.Unreadable(String.valueOf(e.getMessage()));
    }
  }
}
