package dev.naru.kafka.common.header;

import org.jspecify.annotations.Nullable;

/** A name and a value beside a record's own. */
public interface Header {

  /** The name. */
  String key();

  /** The value; null without one. */
  byte @Nullable [] value();
}
