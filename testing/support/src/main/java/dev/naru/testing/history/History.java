package dev.naru.testing.history;

import java.util.function.Consumer;

/** What one client did and saw, in its order. Can be read any number of times. */
public interface History {

  /** Who it was, for people. */
  String name();

  /**
   * True if the client ended it. Otherwise the client was killed, and the last things it did are
   * not in it.
   */
  boolean isWhole();

  /** Hands over everything from the beginning. */
  void replay(Consumer<? super Operation> to);
}
