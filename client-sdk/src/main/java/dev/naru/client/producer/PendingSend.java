package dev.naru.client.producer;

import dev.naru.client.NaruException;
import dev.naru.client.RecordAck;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A callback for those who would rather hold a future. */
final class PendingSend extends CompletableFuture<RecordAck> implements SendCallback {

  @Override
  public void onCompletion(@Nullable RecordAck ack, @Nullable NaruException failure) {
    if (failure == null) {
      complete(ack);
    } else {
      completeExceptionally(failure);
    }
  }
}
