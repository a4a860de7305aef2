package dev.naru.simulation.invariant;

import dev.naru.broker.group.MemberId;
import java.util.UUID;

/**
 * What a member writes beside an offset, so that each commit can be told from all others.
 *
 * @param epoch under which it commits
 * @param serial of all commits of the member
 */
public record CommitNote(MemberId member, int epoch, long serial) {

  public static CommitNote parse(String text) {
    var parts = text.split(" ", -1);
    return new CommitNote(
        new MemberId(UUID.fromString(parts[0])),
        Integer.parseInt(parts[1]),
        Long.parseLong(parts[2]));
  }

  @Override
  public String toString() {
    return "%s %d %d".formatted(member, epoch, serial);
  }
}
