package dev.naru.metadata.ratis;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What a voter has promised: to follow nobody of an earlier term, and for whom it voted in this
 * one. Ratis keeps it in {@code raft-meta}.
 *
 * @param votedFor a peer id; empty if it has not voted
 */
record Ballot(long term, String votedFor) {

  /** In terms: more than elections can add in a thousand years, at one each thirty milliseconds. */
  private static final long LEAP = 1L << 40;

  /** What the file of Ratis says; empty if Ratis could not read it either. */
  static Optional<Ballot> parse(byte[] raftMeta) {
    var properties = new Properties();
    try {
      properties.load(
          new InputStreamReader(new ByteArrayInputStream(raftMeta), StandardCharsets.UTF_8));
      return of(properties.getProperty("term", ""), properties.getProperty("votedFor"));
    } catch (IOException | IllegalArgumentException notRatis) {
      return Optional.empty();
    }
  }

  private static Optional<Ballot> of(String term, @Nullable String votedFor) {
    return votedFor == null
        ? Optional.empty()
        : Optional.of(new Ballot(Long.parseLong(term), votedFor));
  }

  /** One that contradicts no promise made after this one: its term is later than all of theirs. */
  Ballot beyond() {
    return new Ballot(term + LEAP, "");
  }

  /** What Ratis reads from its file. */
  byte[] raftMeta() {
    return "term=%d\nvotedFor=%s\n".formatted(term, votedFor).getBytes(StandardCharsets.UTF_8);
  }

  /** Whether a voter that has promised the one may have come to promise this. */
  boolean mayFollow(Ballot before) {
    return term > before.term
        || (term == before.term && (before.votedFor.isEmpty() || votedFor.equals(before.votedFor)));
  }
}
