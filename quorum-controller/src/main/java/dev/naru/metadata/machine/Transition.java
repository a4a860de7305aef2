package dev.naru.metadata.machine;

import dev.naru.metadata.event.MetadataEvent;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.Outcome;
import java.util.List;

/**
 * What applying one command did.
 *
 * @param image afterwards
 * @param events what happened: empty for a refusal and for a command that had been applied before
 */
public record Transition(ClusterImage image, Outcome outcome, List<MetadataEvent> events) {

  /** Keeps its own copy of the events. */
  public Transition {
    events = List.copyOf(events);
  }
}
