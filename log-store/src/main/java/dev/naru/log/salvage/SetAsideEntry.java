package dev.naru.log.salvage;

import dev.naru.types.PartitionId;
import java.util.Optional;

/**
 * Something in {@code lost+found}.
 *
 * @param number the first part of its directory's name, unique among what lies there
 * @param partition whose log it was, as the name of its directory has it; empty if that is nonsense
 * @param told what its manifest says
 * @param files how many files of batches there are
 * @param bytes how many bytes they have
 */
public record SetAsideEntry(
    long number, Optional<PartitionId> partition, Told told, int files, long bytes) {

  /** What a manifest says. */
  public sealed interface Told {

    /** It is sound. */
    record Known(Manifest manifest) implements Told {}

    /** It is not, or is not there. What lies beside it can still be read. */
    record Unreadable(String reason) implements Told {}
  }

  /** Why it was set aside, as far as anything says so. */
  public SetAsideReason reason() {
    return told instanceof Told.Known(var manifest) ? manifest.reason() : SetAsideReason.UNKNOWN;
  }
}
