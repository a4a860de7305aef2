package dev.naru.log;

import static dev.naru.log.LogFixture.NOW_MILLIS;
import static dev.naru.log.LogFixture.numbered;
import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.producer.ProducerState;
import dev.naru.log.store.LogStore;
import dev.naru.record.TimestampType;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import java.util.List;

/** One log that a producer with numbers writes, through kills and stops of its process. */
abstract class NumberedLogFixture {

  /** The producer. */
  static final long ID = 7L << 24;

  /** Takes all that a test writes. */
  static final LogConfig LARGE = new LogConfig(1 << 20, TimestampType.CREATE_TIME);

  /** Two batches of two numbered records each. */
  static final LogConfig TWO_BATCHES = new LogConfig(220, TimestampType.CREATE_TIME);

  /** Twenty of them. */
  static final LogConfig TWENTY_BATCHES = new LogConfig(2_100, TimestampType.CREATE_TIME);

  final CrashableDisk disk = LogFixture.formatted();
  LogStore store = LogFixture.open(disk);
  PartitionLog log = store.create(partition(0), LARGE);

  void append(int records, int sequence) {
    log.appendAsLeader(numbered(records, ID, sequence), new LeaderEpoch(1), NOW_MILLIS);
  }

  /** More batches of two records each. */
  void grow(int batches) {
    for (int i = 0; i < batches; i++) {
      append(2, log.producers().state(ID).map(ProducerState::nextSequence).orElse(0));
    }
  }

  void commit() {
    log.noteHighWatermark(log.end());
  }

  /** All is durable and committed, and whoever looks now and then has looked. */
  void settle() {
    LogFixture.force(store, log);
    commit();
    store.sweep();
  }

  /** Those that were forced. */
  List<String> snapshots() {
    return files(".producers");
  }

  /** In the log's directory, without its name. */
  List<String> files(String ending) {
    return disk.files(partition(0).toString()).stream()
        .filter(name -> name.endsWith(ending))
        .map(name -> name.substring(name.lastIndexOf('/') + 1))
        .toList();
  }

  void stopCleanly() {
    store.directories().getFirst().noteNodeEpoch(new NodeEpoch(1));
    assertThat(store.closeCleanly(new NodeEpoch(1))).isTrue();
    reopen();
  }

  /** Ends the process without a word; the page cache outlives it. */
  void kill() {
    store.close();
    reopen();
  }

  void reopen() {
    store = LogFixture.open(disk);
    assertThat(store.damaged()).isEmpty();
    log = store.log(partition(0)).orElseThrow();
    log.configure(LARGE);
  }
}
