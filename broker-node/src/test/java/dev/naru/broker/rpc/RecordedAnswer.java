package dev.naru.broker.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer of a call without a connection beneath it, which the test closes. */
final class RecordedAnswer<T> extends ServerCallStreamObserver<T> {

  private final List<T> sent = new ArrayList<>();
  private @Nullable Throwable failure;
  private Runnable onClose = () -> {};
  private Runnable onCancel = () -> {};

  /** The only answer. */
  T answer() {
    if (failure != null || sent.size() != 1) {
      throw new AssertionError("Expected one answer, but were " + sent + " and " + failure);
    }
    return sent.getFirst();
  }

  /** Why there was none. */
  Throwable failure() {
    if (failure == null) {
      throw new AssertionError("Expected a failure, but were " + sent);
    }
    return failure;
  }

  /** The client has taken all of it. */
  void close() {
    onClose.run();
  }

  /** The client is gone. */
  void cancel() {
    onCancel.run();
  }

  @Override
  public void onNext(T response) {
    sent.add(response);
  }

  @Override
  public void onError(Throwable why) {
    failure = why;
    onClose.run(); // nothing is left to be taken
  }

  @Override
  public void onCompleted() {}

  @Override
  public void setOnCloseHandler(Runnable handler) {
    onClose = handler;
  }

  @Override
  public void setOnCancelHandler(Runnable handler) {
    onCancel = handler;
  }

  @Override
  public boolean isCancelled() {
    return false;
  }

  @Override
  public void setCompression(String compression) {}

  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public void setOnReadyHandler(Runnable handler) {}

  @Override
  public void request(int count) {}

  @Override
  public void setMessageCompression(boolean enable) {}

  @Override
  public void disableAutoInboundFlowControl() {}
}
