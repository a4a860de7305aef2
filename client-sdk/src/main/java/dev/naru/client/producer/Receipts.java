package dev.naru.client.producer;

import dev.naru.client.NaruException;
import dev.naru.client.RecordAck;
import dev.naru.client.TopicPartition;
import java.util.Arrays;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who hears what became of the records of one batch, in their order, and the records' times. Two
 * arrays rather than an object a record: what is on its way is what a garbage collector has to
 * carry from place to place. Handed from owner to owner with its batch.
 */
public final class Receipts {

  private static final Logger LOG = LoggerFactory.getLogger(Receipts.class);

  private SendCallback[] callbacks;
  private long[] timestamps;
  private int count;
  private int thrown; // by callbacks

  /** Begins with room for so many. */
  public Receipts(int room) {
    this.callbacks = new SendCallback[room];
    this.timestamps = new long[room];
  }

  int count() {
    return count;
  }

  /** One more record. */
  public void add(SendCallback callback, long timestampMillis) {
    if (count == callbacks.length) {
      int larger = Math.max(1, 2 * count);
      callbacks = Arrays.copyOf(callbacks, larger);
      timestamps = Arrays.copyOf(timestamps, larger);
    }
    callbacks[count] = callback;
    timestamps[count++] = timestampMillis;
  }

  /** Tells each its place; on the callback thread. */
  public void acknowledge(
      TopicPartition partition, long baseOffset, OptionalLong logAppendTimeMillis) {
    for (int i = 0; i < count; i++) {
      long timestamp =
          logAppendTimeMillis.isPresent() ? logAppendTimeMillis.getAsLong() : timestamps[i];
      tell(
          i,
          RecordAck.at(partition.topic(), partition.partition(), baseOffset + i, timestamp),
          null);
    }
  }

  /** Tells each that it was handed over and nobody knows its place; on the callback thread. */
  public void handOver(TopicPartition partition) {
    for (int i = 0; i < count; i++) {
      tell(i, RecordAck.handedOver(partition.topic(), partition.partition(), timestamps[i]), null);
    }
  }

  /** Tells each that it failed; on the callback thread. */
  public void fail(NaruException why) {
    for (int i = 0; i < count; i++) {
      tell(i, null, why);
    }
  }

  /** Whatever the application throws, the next one is told; of a batch one failure is logged. */
  private void tell(int index, @Nullable RecordAck ack, @Nullable NaruException failure) {
    try {
      callbacks[index].onCompletion(ack, failure);
    } catch (Throwable e) { // also what it could not declare
      if (thrown++ == 0) {
        LOG.error(
            "Expected callbacks to return, but one threw; others of its batch may have too", e);
      }
    }
  }
}
