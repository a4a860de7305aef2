package dev.naru.testing.history;

import java.util.List;

/**
 * All there is to judge a run by.
 *
 * @param histories of all clients, readers that were killed too; not of the final readers
 * @param incidents all faults that were to be made
 * @param healthy when writes must have succeeded
 */
public record Run(
    List<History> histories,
    FinalState finalState,
    List<Incident> incidents,
    List<HealthyWindow> healthy) {

  public Run {
    histories = List.copyOf(histories);
    incidents = List.copyOf(incidents);
    healthy = List.copyOf(healthy);
  }
}
