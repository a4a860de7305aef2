package dev.naru.broker.rpc;

import dev.naru.broker.events.EventCode;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Answers a unary call with what a method returns, or with the status that it throws. */
final class UnaryCalls {

  private static final Logger LOG = LogManager.getLogger(UnaryCalls.class);

  private UnaryCalls() {}

  static <T> void answer(StreamObserver<T> observer, Supplier<T> method) {
    T response;
    try {
      response = method.get();
    } catch (StatusRuntimeException e) {
      observer.onError(e);
      return;
    } catch (RuntimeException e) {
      LOG.error(EventCode.INTERNAL_FAULT.marker(), "A call failed with a fault of Naru", e);
      observer.onError(
          ErrorStatus.of(
              new Refused(ErrorCode.INTERNAL, "This node failed to answer; its log says why")));
      return;
    }
    observer.onNext(response);
    observer.onCompleted();
  }
}
