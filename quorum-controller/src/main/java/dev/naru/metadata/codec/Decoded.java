package dev.naru.metadata.codec;

import dev.naru.metadata.command.CommandEnvelope;

/** What some bytes turned out to be. */
public sealed interface Decoded {

  /** A command. */
  record Command(CommandEnvelope envelope) implements Decoded {}

  /** Not a command of this release, and why. */
  record Unreadable(String reason) implements Decoded {}
}
