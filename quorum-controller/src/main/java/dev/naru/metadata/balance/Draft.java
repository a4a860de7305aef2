package dev.naru.metadata.balance;

import java.util.List;

/**
 * What a plan changes, and what it says of it.
 *
 * @param isCutShort whether another plan would go on from there
 */
record Draft(List<PlannedChange> changes, List<String> notes, boolean isCutShort) {

  /** Said of a plan that ends because {@link Effort} is over. */
  static final String CUT_BY_EFFORT =
      "cut short, as to find more takes too long: carry it out, and plan again";

  /** Changes nothing, as nothing needs to change. */
  static final Draft NOTHING = new Draft(List.of(), List.of(), false);

  /** Copies the lists. */
  Draft {
    changes = List.copyOf(changes);
    notes = List.copyOf(notes);
  }
}
