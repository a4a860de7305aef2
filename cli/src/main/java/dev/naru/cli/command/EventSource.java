package dev.naru.cli.command;

import dev.naru.client.NaruException;
import dev.naru.client.admin.EventDescription;
import dev.naru.client.admin.EventListing;
import dev.naru.types.ErrorCode;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Where the next events come from, for as long as somebody follows them: what may succeed later is
 * tried until it does, and what no node knows any more is noted and passed over.
 *
 * @param after what comes after a position; waits for it a while
 * @param all what is still known
 * @param notes told of gaps, and once of an outage
 * @param pause before the next try
 */
record EventSource(
    Function<String, EventListing> after,
    Supplier<EventListing> all,
    Consumer<String> notes,
    Runnable pause) {

  /**
   * What comes after this position; none, after some time without any.
   *
   * @throws RuntimeException what waiting does not mend
   */
  EventListing next(String position) {
    boolean isNoted = false;
    while (true) {
      try {
        return after.apply(position);
      } catch (CompletionException | NaruException e) {
        var failure = failureOf(e);
        if (isForgotten(failure)) {
          var known = known(position);
          if (known.isPresent()) {
            notes.accept("some events are missing here: " + failure.getMessage());
            return known.get();
          }
        } else if (!failure.isRetriable()) {
          throw e;
        }
        if (!isNoted) {
          notes.accept("tries again: " + failure.getMessage());
          isNoted = true;
        }
        pause.run();
      }
    }
  }

  /** Empty if that is to be tried again: while it is read, page by page, more can be forgotten. */
  private Optional<EventListing> known(String position) {
    try {
      var listing = all.get();
      var unseen = listing.events().stream().filter(event -> isAfter(event, position)).toList();
      return Optional.of(new EventListing(unseen, listing.position(), listing.knownAfter()));
    } catch (CompletionException | NaruException e) {
      var failure = failureOf(e);
      if (isForgotten(failure) || failure.isRetriable()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static boolean isForgotten(NaruException failure) {
    return failure.code() == ErrorCode.OFFSET_OUT_OF_RANGE;
  }

  private static NaruException failureOf(RuntimeException e) {
    if (e instanceof NaruException failure) {
      return failure;
    }
    if (e.getCause() instanceof NaruException failure) {
      return failure;
    }
    throw e;
  }

  private static boolean isAfter(EventDescription event, String position) {
    var parts = position.substring(position.indexOf('/') + 1).split("\\.", 2);
    long index = Long.parseLong(parts[0]);
    return event.index() > index
        || (event.index() == index && event.ordinal() > Integer.parseInt(parts[1]));
  }
}
