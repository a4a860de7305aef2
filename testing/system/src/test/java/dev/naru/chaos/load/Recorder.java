package dev.naru.chaos.load;

import dev.naru.testing.history.Operation;

/** Takes down what one client does and sees. Any thread of the client may call it. */
public interface Recorder extends AutoCloseable {

  /** In the order of the calls. */
  void record(Operation operation);

  /** What was taken down by now survives the client's process, where that may end before. */
  default void flush() {}

  /** The client has ended. */
  @Override
  void close();
}
