package dev.naru.record;

import java.io.IOException;

/**
 * One way to compress the records of a batch. Each library is touched by one implementation only,
 * so that an application without it can use the others.
 */
interface Codec extends AutoCloseable {

  /** Appends the compressed form of the bytes between the two positions. */
  void deflate(byte[] source, int from, int end, GrowingBytes target) throws IOException;

  /**
   * Appends what the bytes between the two positions were. The source is not trusted: any exception
   * means that it is malformed, and memory grows only with what the target admits.
   */
  void inflate(byte[] source, int from, int end, GrowingBytes target) throws IOException;

  /** Gives back what it holds outside the heap, if anything. */
  @Override
  default void close() {}
}
