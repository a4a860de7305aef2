package dev.naru.client.producer;

import org.jspecify.annotations.Nullable;

/** Is shown the keys of one partition's records. Called under the lock of the partition's queue. */
interface KeyTap {

  /** Looks at none. */
  KeyTap NONE =
      new KeyTap() {
        @Override
        public void appended(byte @Nullable [] key) {}

        @Override
        public long takeRecords() {
          return 0;
        }
      };

  /** A record was appended, with this key or none. */
  void appended(byte @Nullable [] key);

  /** How many were appended since this was asked last, with any key or none. */
  long takeRecords();
}
