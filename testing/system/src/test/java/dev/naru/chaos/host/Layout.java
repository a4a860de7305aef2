package dev.naru.chaos.host;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Which nodes a cluster has.
 *
 * @param nodes their ids are 1 to this
 * @param voters those who hold the metadata quorum; the others listen to them
 */
public record Layout(int nodes, List<Integer> voters) {

  /** Copies the list. */
  public Layout {
    voters = List.copyOf(voters);
    if (voters.isEmpty() || !voters.stream().allMatch(voter -> voter >= 1 && voter <= nodes)) {
      throw new IllegalArgumentException(
          "Expected voters among nodes 1 to %d, but they are %s".formatted(nodes, voters));
    }
  }

  /** So many nodes, all of them voters. */
  public static Layout allVote(int nodes) {
    return new Layout(nodes, IntStream.rangeClosed(1, nodes).boxed().toList());
  }
}
