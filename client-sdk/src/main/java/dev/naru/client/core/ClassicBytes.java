package dev.naru.client.core;

import dev.naru.client.TopicPartition;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What members of a classic group tell each other, in the layout that Kafka's consumers use for it,
 * so that a group may have members of both kinds. Numbers are big-endian, a text is a 16-bit length
 * and UTF-8, a list a 32-bit count and its elements, bytes a 32-bit length, -1 for none.
 *
 * <pre>
 * wishes       version:i16=2  topics:[text]  user data:bytes  owned:[topic:text partitions:[i32]]  generation:i32
 * assignment   version:i16=1  [topic:text partitions:[i32]]  user data:bytes
 * </pre>
 *
 * What a newer version has behind that is left unread; what an older one lacks is nothing.
 */
public final class ClassicBytes {

  private static final short WISHES_VERSION = 2;
  private static final short ASSIGNMENT_VERSION = 1;
  private static final int OWNED_SINCE = 1;
  private static final int GENERATION_SINCE = 2;
  private static final int NO_GENERATION = -1;
  private static final int HEAD_BYTES = 64; // more than the numbers that are there once

  private ClassicBytes() {}

  /**
   * What a member wants and has.
   *
   * @param owned what it had in that generation
   */
  public record Wishes(SortedSet<String> topics, SortedSet<TopicPartition> owned, int generation) {

    /** Keeps its own sets. */
    public Wishes {
      topics = Collections.unmodifiableSortedSet(new TreeSet<>(topics));
      owned = Collections.unmodifiableSortedSet(new TreeSet<>(owned));
    }
  }

  /** Writes wishes. */
  public static ByteBuffer write(Wishes wishes) {
    int size = HEAD_BYTES + sizeOf(wishes.owned);
    for (var topic : wishes.topics) {
      size += sizeOf(topic);
    }
    var to = ByteBuffer.allocate(size);
    to.putShort(WISHES_VERSION).putInt(wishes.topics.size());
    wishes.topics.forEach(topic -> put(to, topic));
    to.putInt(-1); // no user data
    put(to, wishes.owned);
    return to.putInt(wishes.owned.isEmpty() ? NO_GENERATION : wishes.generation).flip();
  }

  /**
   * Reads wishes.
   *
   * @throws IllegalArgumentException if they are none
   */
  public static Wishes wishes(ByteBuffer bytes) {
    var from = bytes.duplicate();
    try {
      int version = from.getShort();
      var topics = new TreeSet<String>();
      for (int left = count(from, Short.BYTES); left > 0; left--) {
        topics.add(text(from));
      }
      skipBytes(from);
      var owned =
          version >= OWNED_SINCE ? partitions(from) : Collections.<TopicPartition>emptySortedSet();
      int generation = version >= GENERATION_SINCE ? from.getInt() : NO_GENERATION;
      return new Wishes(topics, owned, generation);
    } catch (BufferUnderflowException e) {
      throw tooShort(bytes, e);
    }
  }

  /** Writes an assignment. */
  public static ByteBuffer write(SortedSet<TopicPartition> assignment) {
    var to = ByteBuffer.allocate(HEAD_BYTES + sizeOf(assignment));
    to.putShort(ASSIGNMENT_VERSION);
    put(to, assignment);
    return to.putInt(-1).flip(); // no user data
  }

  /**
   * Reads an assignment; no bytes at all are none.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static SortedSet<TopicPartition> assignment(ByteBuffer bytes) {
    var from = bytes.duplicate();
    if (!from.hasRemaining()) {
      return Collections.emptySortedSet(); // whoever assigned did not think of this member
    }
    try {
      from.getShort(); // all versions begin alike
      return partitions(from);
    } catch (BufferUnderflowException e) {
      throw tooShort(bytes, e);
    }
  }

  private static void put(ByteBuffer to, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    to.putShort((short) bytes.length).put(bytes);
  }

  private static void put(ByteBuffer to, Collection<TopicPartition> partitions) {
    var byTopic = new TreeMap<String, SortedSet<Integer>>();
    partitions.forEach(partition ->
        byTopic
            .computeIfAbsent(partition.topic(), topic -> new TreeSet<>())
            .add(partition.partition()));
    to.putInt(byTopic.size());
    byTopic.forEach((topic, numbers) -> {
      put(to, topic);
      to.putInt(numbers.size());
      numbers.forEach(to::putInt);
    });
  }

  private static int sizeOf(String text) {
    return Short.BYTES + text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static int sizeOf(Collection<TopicPartition> partitions) {
    var topics = new TreeSet<String>();
    partitions.forEach(partition -> topics.add(partition.topic()));
    int size = partitions.size() * Integer.BYTES;
    for (var topic : topics) {
      size += sizeOf(topic) + Integer.BYTES;
    }
    return size;
  }

  private static SortedSet<TopicPartition> partitions(ByteBuffer from) {
    var partitions = new TreeSet<TopicPartition>();
    for (int topics = count(from, Short.BYTES + Integer.BYTES); topics > 0; topics--) {
      var topic = text(from);
      for (int left = count(from, Integer.BYTES); left > 0; left--) {
        partitions.add(new TopicPartition(topic, from.getInt()));
      }
    }
    return partitions;
  }

  /** A count that is more than the bytes could hold is damage, not a reason to allocate. */
  private static int count(ByteBuffer from, int leastBytesEach) {
    int count = from.getInt();
    if (count < 0 || count > from.remaining() / leastBytesEach) {
      throw new IllegalArgumentException(
          "Expected a count for " + from.remaining() + " bytes, but was " + count);
    }
    return count;
  }

  private static String text(ByteBuffer from) {
    int size = from.getShort();
    if (size < 0 || size > from.remaining()) {
      throw new IllegalArgumentException(
          "Expected a text of up to " + from.remaining() + " bytes, but was " + size);
    }
    byte[] bytes = new byte[size];
    from.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void skipBytes(ByteBuffer from) {
    int size = from.getInt();
    if (size > from.remaining()) {
      throw new IllegalArgumentException(
          "Expected up to " + from.remaining() + " bytes, but were " + size);
    }
    from.position(from.position() + Math.max(size, 0));
  }

  private static IllegalArgumentException tooShort(ByteBuffer bytes, RuntimeException cause) {
    return new IllegalArgumentException(
        "Expected the words of a classic member, but they end after "
            + bytes.remaining()
            + " bytes",
        cause);
  }
}
