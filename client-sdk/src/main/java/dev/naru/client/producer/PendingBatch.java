package dev.naru.client.producer;

import dev.naru.client.NaruException;
import dev.naru.client.RecordAck;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The one callback of records that travel together, for whoever holds a future of them all. */
final class PendingBatch extends CompletableFuture<List<RecordAck>> implements SendCallback {

  private final int records;
  private final List<RecordAck> acks; // touched by the callback thread

  PendingBatch(int records) {
    this.records = records;
    this.acks = new ArrayList<>(records);
  }

  @Override
  public void onCompletion(@Nullable RecordAck ack, @Nullable NaruException failure) {
    if (failure != null) {
      completeExceptionally(failure);
    } else if (ack != null) {
      add(ack);
    }
  }

  private void add(RecordAck ack) {
    acks.add(ack);
    if (acks.size() == records) {
      complete(List.copyOf(acks));
    }
  }
}
