package dev.naru.simulation;

import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The committed metadata log, and the image after each of its entries. What decides is the
 * product's own machine; since it gives every node the same, it is asked once, and nodes are told
 * later.
 */
final class SimMetadataLog {

  private final List<ClusterImage> images = new ArrayList<>();
  private final Rules rules;
  private final Consumer<Long> onCommit;
  private Optional<CommandEnvelope> newestCommand = Optional.empty();

  SimMetadataLog(String clusterId, Rules rules, Consumer<Long> onCommit) {
    images.add(ClusterImage.empty(clusterId));
    this.rules = rules;
    this.onCommit = onCommit;
  }

  /** Index of the newest entry. */
  long end() {
    return images.size() - 1L;
  }

  ClusterImage image(long index) {
    return images.get((int) index);
  }

  /** The image after the newest entry. */
  ClusterImage newest() {
    return images.getLast();
  }

  /** The newest entry. */
  CommandEnvelope newestCommand() {
    return newestCommand.orElseThrow();
  }

  Outcome append(CommandEnvelope envelope) {
    var transition = rules.decides(newest(), images.size(), envelope);
    images.add(transition.image());
    newestCommand = Optional.of(envelope);
    onCommit.accept(end());
    return transition.outcome();
  }
}
