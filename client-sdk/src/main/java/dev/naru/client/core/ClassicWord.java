package dev.naru.client.core;

import java.nio.ByteBuffer;
import java.util.List;

/** What the coordinator of a classic group says to a member, on which stream and hearing what. */
public sealed interface ClassicWord {

  /** The stream that it came on. */
  int stream();

  /** The newest message of the member that was heard. */
  long heard();

  /** This generation is over: the member is to give back everything and to come again. */
  record Rejoin(int stream, long heard, int generation) implements ClassicWord {}

  /**
   * The member is to say who gets what.
   *
   * @param protocol the way to assign
   */
  record Elected(
      int stream, long heard, int generation, String protocol, List<ClassicCandidate> members)
      implements ClassicWord {

    /** Keeps its own list. */
    public Elected {
      members = List.copyOf(members);
    }
  }

  /**
   * This is what the member gets.
   *
   * @param assignment see {@link ClassicBytes}
   */
  record Handed(int stream, long heard, int generation, ByteBuffer assignment)
      implements ClassicWord {}
}
