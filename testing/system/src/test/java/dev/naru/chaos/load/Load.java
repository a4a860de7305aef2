package dev.naru.chaos.load;

import dev.naru.client.NaruClient;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The clients of a run: they write and read all the time, whatever is done to the nodes. */
public final class Load implements AutoCloseable {

  private final Workload workload;
  private final NaruClient client;
  private final Function<String, Recorder> recorders;
  private final Progress progress;
  private final List<Writing> writings = new ArrayList<>();
  private final List<Reading> readings = new ArrayList<>();

  private Load(Workload workload, NaruClient client, Function<String, Recorder> recorders) {
    this.workload = workload;
    this.client = client;
    this.recorders = recorders;
    this.progress = new Progress(workload.partitions());
  }

  /**
   * Begins.
   *
   * @param recorders makes the recorder of a client of this name
   */
  public static Load begin(
      Workload workload, NaruClient client, Function<String, Recorder> recorders) {
    var load = new Load(workload, client, recorders);
    for (int tag = 0; tag < workload.producers(); tag++) {
      var recorder = recorders.apply("writer-" + tag);
      load.writings.add(new Writing(tag, workload, client, recorder, load.progress));
    }
    for (int reader = 0; reader < workload.readers(); reader++) {
      var name = "reader-" + reader;
      load.readings.add(
          Reading.endless(name, workload, client, recorders.apply(name), load.progress));
    }
    return load;
  }

  /** How it goes. */
  public Progress progress() {
    return progress;
  }

  /** Writes no more; returns when every record has its answer. */
  public void stopWriting() {
    writings.forEach(Writing::close);
    writings.clear();
  }

  /** Writes no more, and does not wait for answers. */
  public void abandonWriting() {
    writings.forEach(Writing::abandon);
    writings.clear();
  }

  /** Reads everything that is there, from the leaders. */
  public void readEverything(String name) {
    Reading.untilNow(name, workload, client, recorders.apply(name), progress);
  }

  /** Reads no more. */
  public void stopReading() {
    readings.forEach(Reading::close);
    readings.clear();
  }

  /** Ends all clients. */
  @Override
  public void close() {
    stopWriting();
    stopReading();
  }
}
