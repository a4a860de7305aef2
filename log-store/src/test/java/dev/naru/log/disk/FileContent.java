package dev.naru.log.disk;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes that grow and are cut; what was never written is zero. */
final class FileContent {

  private byte[] bytes;
  private int size;

  FileContent(byte[] content) {
    this.bytes = content.clone();
    this.size = content.length;
  }

  void put(int position, byte[] from, int start, int end) {
    int newSize = Math.max(size, position + end - start);
    if (newSize > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(newSize, bytes.length * 2));
    }
    System.arraycopy(from, start, bytes, position, end - start);
    size = newSize;
  }

  void cut(int newSize) {
    Arrays.fill(bytes, newSize, size, (byte) 0);
    size = newSize;
  }

  int read(ByteBuffer into, int position) {
    int read = Math.max(0, Math.min(into.remaining(), size - position));
    into.put(bytes, Math.min(position, size), read);
    return read;
  }

  byte[] bytes() {
    return Arrays.copyOf(bytes, size);
  }

  int size() {
    return size;
  }
}
