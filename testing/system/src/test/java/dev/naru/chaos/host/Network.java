package dev.naru.chaos.host;

import dev.naru.chaos.host.Place.Link;
import dev.naru.types.HostPort;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Where nodes listen, how they and the clients reach each other, and what may come in between. */
public interface Network extends AutoCloseable {

  /** What a node listens for. */
  enum Listener {
    CLIENT,
    INTERNAL,
    RAFT,
    HTTP;

    /** As a node's configuration names it. */
    String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What a disturbance is of. */
  enum Traffic {
    ALL,
    /** What voters say to each other; records go on. */
    RAFT,
    /** What nodes say to each other, but as voters: records for followers, signs of life. */
    INTERNAL,
    /** Of that, what a node answers whoever has called it: records for followers. */
    ANSWERS;

    boolean isOf(Listener listener) {
      return switch (this) {
        case ALL -> true;
        case RAFT -> listener == Listener.RAFT;
        case INTERNAL, ANSWERS -> listener == Listener.INTERNAL;
      };
    }
  }

  /** What a disturbance does. */
  enum Effect {
    /** Nothing arrives, and nobody is told. */
    SILENCE,
    /** Connections are reset. */
    RESET,
    /** One packet in five is lost. */
    LOSS,
    /** Little more than 60 KB a second passes. */
    SLOWNESS,
    /** Everything passes and is counted. */
    NOTHING
  }

  /** Where the node itself listens. */
  HostPort bound(int node, Listener listener);

  /** Where the others find it. */
  HostPort advertised(int node, Listener listener);

  /** In what a node is started. */
  NodeProcess.Surroundings surroundings(int node);

  /** Why this cannot be done here, if it cannot. */
  Optional<String> whyNot(Effect effect);

  /** Does something to what is sent over these links, each in its direction. */
  Disturbance disturb(Effect effect, Set<Link> links, Traffic traffic);

  /** Whether something can be sent over this link and answered. */
  boolean passes(Link link, Listener listener);

  /** A process is this node from now on. */
  default void joined(int node, long pid) {}

  /** There is no process that is this node. */
  default void left(int node) {}

  @Override
  void close();
}
