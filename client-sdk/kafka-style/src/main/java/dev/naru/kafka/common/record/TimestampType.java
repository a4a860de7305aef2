package dev.naru.kafka.common.record;

/** By which clock a record has its time. */
public enum TimestampType {
  /** It has none. */
  NO_TIMESTAMP_TYPE("NoTimestampType"),
  /** Whoever sent it. */
  CREATE_TIME("CreateTime"),
  /** The leader that appended it. */
  LOG_APPEND_TIME("LogAppendTime");

  /** As topics are configured. */
  public final String name;

  TimestampType(String name) {
    this.name = name;
  }

  @Override
  public String toString() {
    return name;
  }
}
