package dev.naru.client.producer;

import dev.naru.client.KeyReporting;
import dev.naru.client.core.HotKeys;
import java.util.List;
import java.util.random.RandomGenerator;

/** The frequent keys of a topic, counted by threads that send and taken by the loop. */
final class FrequentKeys {

  private final KeyReporting reporting;
  private final RandomGenerator seeds;
  private final HotKeys keys; // guarded by this; few records come so far

  FrequentKeys(KeyReporting reporting, RandomGenerator seeds) {
    this.reporting = reporting;
    this.seeds = seeds;
    this.keys = new HotKeys(reporting == KeyReporting.PLAIN);
  }

  /** What looks at the keys of one of its partitions. */
  KeyTap tap(int partition) {
    return reporting == KeyReporting.OFF ? KeyTap.NONE : new KeySample(this, partition, seeds);
  }

  synchronized void count(int partition, byte[] key, long records) {
    keys.count(partition, key, records);
  }

  /** What was counted since this was asked last, the most frequent first. */
  synchronized List<HotKeys.Counted> take() {
    return keys.take();
  }
}
