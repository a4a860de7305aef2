package dev.naru.record;

/**
 * Compresses batches, one after the other, with memory that is used again: for small batches,
 * making a codec's tables anew costs as much as compressing. Owned by one thread.
 */
public final class BatchDeflater implements AutoCloseable {

  /** A scratch that a single huge batch has blown up is not kept. */
  private static final int KEPT_BYTES_MAX = 1 << 20;

  private final Compression compression;
  private final Codec codec;
  private GrowingBytes scratch = new GrowingBytes(0, 0, 0);

  /**
   * Makes the codec, which tries as hard as it does by default.
   *
   * @throws BatchRefusedException if its library is missing
   */
  public BatchDeflater(Compression compression) {
    this(compression, compression.levelByDefault());
  }

  /**
   * Makes the codec.
   *
   * @param level how hard it tries: for gzip 1 to 9, or -1 for what zlib takes; for lz4 1 to 17,
   *     where 9 stands for the fast compressor and all others for the thorough one; for zstd
   *     -131072 to 22; others have none
   * @throws BatchRefusedException if its library is missing
   */
  public BatchDeflater(Compression compression, int level) {
    this.compression = compression;
    this.codec = compression.codec(level);
  }

  Compression compression() {
    return compression;
  }

  /**
   * Compresses the bytes between the two positions; so many bytes before the result are left free.
   * The result is valid until the next call.
   */
  GrowingBytes deflate(byte[] source, int from, int end, int reserved) {
    int room = reserved + (end - from);
    if (scratch.array().length < room || scratch.array().length > KEPT_BYTES_MAX) {
      scratch = new GrowingBytes(room, reserved, Compression.ARRAY_BYTES_MAX);
    }
    scratch.restart(reserved);
    compression.deflate(codec, source, from, end, scratch);
    return scratch;
  }

  /** Gives back what the codec holds outside the heap. */
  @Override
  public void close() {
    codec.close();
  }
}
