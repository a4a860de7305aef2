package dev.naru.client.producer;

import dev.naru.record.BatchDeflater;
import dev.naru.record.Compression;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What compresses batches, one for each codec and level in use: the producers of a client share
 * them. Owned by the loop.
 */
final class Deflaters implements AutoCloseable {

  /** More than any application has in use; at a high level one holds megabytes outside the heap. */
  private static final int KEPT_MAX = 8;

  private final Map<Key, BatchDeflater> kept =
      new LinkedHashMap<>(2 * KEPT_MAX, 0.75f, true); // in the order of their last use

  /**
   * The one for this codec and level; valid until the next call.
   *
   * @throws dev.naru.record.BatchRefusedException if the codec's library is missing
   */
  BatchDeflater of(Compression compression, int level) {
    var deflater = kept.computeIfAbsent(new Key(compression, level), Key::make);
    if (kept.size() > KEPT_MAX) {
      var unused = kept.entrySet().iterator();
      unused.next().getValue().close();
      unused.remove();
    }
    return deflater;
  }

  int count() {
    return kept.size();
  }

  /** Gives back what they hold outside the heap. */
  @Override
  public void close() {
    kept.values().forEach(BatchDeflater::close);
    kept.clear();
  }

  private record Key(Compression compression, int level) {

    BatchDeflater make() {
      return new BatchDeflater(compression, level);
    }
  }
}
