package dev.naru.chaos.load;

import dev.naru.testing.history.Operation;

/** Takes down what one client does and sees. Any thread of the client may call it. */
public interface Recorder extends AutoCloseable {

  /** In the order of the calls. */
  void record(Operation operation);

  /** The client has ended. */
  @Override
  void close();
}
