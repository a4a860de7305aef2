package dev.naru.testing.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * All batches of one log in order, one at a time: they must be one chain, from the name of the
 * first file to the end of the last one.
 */
public final class LogReader implements Closeable {

  private final ArrayDeque<Path> segments;
  private final BatchChain chain = new BatchChain();
  private @Nullable Path path;
  private @Nullable SegmentReader segment;

  LogReader(List<Path> segments) {
    this.segments = new ArrayDeque<>(segments);
  }

  /** The next batch; empty at the end of the log. */
  public Optional<StoredBatch> next() throws IOException {
    while (true) {
      if (segment != null && path != null) {
        var batch = segment.next();
        if (batch.isPresent()) {
          chain.batch(path, batch.get());
          return batch;
        }
        close();
      }
      path = segments.poll();
      if (path == null) {
        return Optional.empty();
      }
      chain.segment(path);
      segment = SegmentReader.open(path);
    }
  }

  /** The offset after what was read so far; absent if there is no file. */
  public OptionalLong end() {
    return chain.end();
  }

  @Override
  public void close() throws IOException {
    if (segment != null) {
      segment.close();
      segment = null;
    }
  }
}
