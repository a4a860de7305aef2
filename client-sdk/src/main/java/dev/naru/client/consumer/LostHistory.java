package dev.naru.client.consumer;

import dev.naru.client.DataLossException;
import dev.naru.client.core.Processed.Place;
import dev.naru.client.core.Reading;
import java.util.Optional;

/** Partitions whose position is not part of the log any more, because what led to it was cut. */
public final class LostHistory {

  private LostHistory() {}

  /** Hears where reading goes on. */
  @FunctionalInterface
  public interface GoesOn {

    /** Reading goes on at the end of what is left. */
    void at(Reading reading, Place end);
  }

  /** Asks the listener whether reading is to go on where history was cut; else polls throw. */
  public static void ask(
      Readings readings, Callbacks callbacks, RebalanceListener listener, GoesOn goesOn) {
    for (var reading : readings.all()) {
      if (reading.historyCut().isPresent()
          && reading.failure().filter(DataLossException.class::isInstance).isPresent()) {
        ask(reading, callbacks, listener, goesOn);
      }
    }
  }

  private static void ask(
      Reading reading, Callbacks callbacks, RebalanceListener listener, GoesOn goesOn) {
    var cut = reading.historyCut().orElseThrow();
    boolean isWanted =
        callbacks.ask(() -> listener.onHistoryCut(reading.partition(), cut.from(), cut.to()));
    if (isWanted && reading.historyCut().isPresent()) { // else it has sought by itself
      reading.resume(Optional.empty(), cut.from(), Optional.empty());
      goesOn.at(reading, new Place(cut.from(), Optional.empty()));
    }
  }
}
