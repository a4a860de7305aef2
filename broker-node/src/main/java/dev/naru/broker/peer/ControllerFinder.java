package dev.naru.broker.peer;

import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.log.ControllerAddress;
import dev.naru.metadata.log.ControllerLocator;
import dev.naru.metadata.log.MetadataLog;
import dev.naru.types.HostPort;
import dev.naru.types.NodeId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Says where the active controller takes calls. The quorum knows who it is and the image where it
 * is; a node that is new to the cluster, or whose image is behind, has the voters asked instead.
 * For any thread.
 */
public final class ControllerFinder {

  private final MetadataLog log;
  private final ControllerLocator locator;
  private final AtomicBoolean isSearching = new AtomicBoolean();

  /** What the last search found; used only while quorum and image do not tell. */
  private volatile @Nullable HostPort located;

  /** What the image says proved wrong; cleared by the next search. */
  private volatile @Nullable HostPort doubted;

  /** Asks these two, the cheap one first. */
  public ControllerFinder(MetadataLog log, ControllerLocator locator) {
    this.log = log;
    this.locator = locator;
  }

  /** The controller's internal address, if it is known now; otherwise a search has begun. */
  Optional<HostPort> find() {
    var known =
        log.quorum()
            .controller()
            .flatMap(this::addressOf)
            .filter(address -> !address.equals(doubted));
    if (known.isPresent()) {
      return known;
    }
    search();
    return Optional.ofNullable(located);
  }

  private Optional<HostPort> addressOf(NodeId controller) {
    return log.applied().image().node(controller).map(NodeImage::internal);
  }

  /** Calls to this address do not get through, or get to another node. */
  void doubt(HostPort address) {
    doubted = address;
    if (address.equals(located)) {
      located = null;
    }
  }

  private void search() {
    if (isSearching.compareAndSet(false, true)) {
      var _ =
          begun()
              .whenComplete((found, fault) -> {
                if (fault == null) {
                  located = found.internal();
                }
                doubted = null;
                isSearching.set(false);
              });
    }
  }

  /** A search that cannot begin is one that found nothing: the next one must be possible. */
  private CompletableFuture<ControllerAddress> begun() {
    try {
      return locator.locate();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}
