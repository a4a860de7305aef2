package dev.naru.broker.flow;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A key that many records of a partition have.
 *
 * @param hash of its bytes: murmur2 with two seeds, the first one in the upper half
 * @param key its first bytes, if its producers show them
 * @param share of the partition's records, 0 to 1
 */
public record HotKey(long hash, Optional<ByteBuffer> key, double share) {}
