package dev.naru.kafka.common.header;

import org.jspecify.annotations.Nullable;

/** The headers of a record in their order; names may repeat. */
public interface Headers extends Iterable<Header> {

  /** Adds one. */
  Headers add(Header header);

  /** Adds one. */
  Headers add(String key, byte @Nullable [] value);

  /** Takes out all of this name. */
  Headers remove(String key);

  /** The last one of this name; null without one. */
  @Nullable Header lastHeader(String key);

  /** All of this name. */
  Iterable<Header> headers(String key);

  /** All of them. */
  Header[] toArray();
}
