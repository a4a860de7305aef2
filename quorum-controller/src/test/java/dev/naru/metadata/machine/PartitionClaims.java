package dev.naru.metadata.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.image.ElrPlace;
import dev.naru.metadata.image.LogEnd;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import java.util.Optional;
import java.util.stream.Collectors;

/** A partition's entry as one line, in which a table of cases can be written down. */
final class PartitionClaims {

  private PartitionClaims() {}

  /** Such as {@code leader 1 isr [1, 2] elr {3=unbroken}}. */
  static String inShort(PartitionImage partition) {
    return "leader %s isr %s elr %s"
        .formatted(
            partition.leader().map(NodeId::toString).orElse("none"),
            partition.isr(),
            partition.elr().entrySet().stream()
                .map(place -> place.getKey() + "=" + inShort(place.getValue()))
                .collect(Collectors.joining(", ", "{", "}")));
  }

  static void assertInShort(PartitionImage partition, String expected) {
    assertThat(inShort(partition)).isEqualTo(expected);
  }

  private static String inShort(ElrPlace place) {
    return switch (place) {
      case ElrPlace.Unbroken() -> "unbroken";
      case ElrPlace.Awaited() -> "awaited";
      case ElrPlace.Recovered(LogEnd(Optional<LeaderEpoch> epoch, long end)) ->
          epoch.map(LeaderEpoch::toString).orElse("-") + "/" + end;
    };
  }
}
