package dev.naru.record;

/** Makes a value of the bytes of a key or of a value. */
@FunctionalInterface
public interface FieldDecoder<T> {

  /** The value of so many bytes from there on; of the array, nothing is kept or changed. */
  T decode(byte[] bytes, int from, int length);
}
