package dev.naru.chaos.load;

import dev.naru.testing.history.HistoryFile;
import dev.naru.testing.history.Operation;
import java.nio.file.Path;

/** Takes down in a file. */
public final class HistoryRecorder implements Recorder {

  private final HistoryFile file;

  private HistoryRecorder(HistoryFile file) {
    this.file = file;
  }

  /** In a new file. */
  public static Recorder in(Path path) {
    return new HistoryRecorder(HistoryFile.create(path));
  }

  @Override
  public void record(Operation operation) {
    file.append(operation);
  }

  @Override
  public void flush() {
    file.flush();
  }

  @Override
  public void close() {
    file.close();
  }
}
