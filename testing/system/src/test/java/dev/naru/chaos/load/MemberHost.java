package dev.naru.chaos.load;

import dev.naru.client.TopicPartition;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where members of a group live: here, or in a process that can be killed. */
public interface MemberHost extends AutoCloseable {

  /**
   * Begins one.
   *
   * @param name of its history; no other one has it
   */
  void start(String name, Optional<String> instance);

  /** Ends one as it should end; returns when it has left. */
  void stop(String name);

  /** Lets one subscribe to the other topic, too. */
  void readMore(String name);

  /** What each has, by its name. */
  Map<String, Set<TopicPartition>> holds();

  /** Ends those that are there as they should end. */
  @Override
  void close();
}
