package dev.naru.metadata.codec;

import java.io.IOException;

/**
 * The cluster follows rules that came after this release, which so can take part no more: it must
 * not go on beside those that know them.
 */
public final class NewerRulesException extends IOException {

  private NewerRulesException(String message) {
    super(message);
  }

  /** The rules of this metadata version are in force, and these are the newest that it knows. */
  public static NewerRulesException inForce(int metadataVersion, int newestKnown) {
    return of("metadata version " + metadataVersion + " is in force", newestKnown);
  }

  /** It met what came with newer rules. */
  public static NewerRulesException of(String met, int newestKnown) {
    return new NewerRulesException(
        "Expected a metadata log that this release can read, which knows metadata version "
            + newestKnown
            + " and older ones, but "
            + met
            + ": start this node with the newer release");
  }
}
