package dev.naru.metadata.ratis;

import static dev.naru.metadata.ratis.TestQuorum.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.types.NodeId;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.ratis.grpc.server.GrpcServicesImpl;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.CodeInjectionForTesting;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first entry of the log, which two voters have written in succession. */
class FirstEntryTest {

  @TempDir Path directory;

  /** The first that leads; what it sends as a leader, and what is sent to it, is lost. */
  private final AtomicReference<@Nullable String> cutOff = new AtomicReference<>();

  private final AtomicBoolean isHealed = new AtomicBoolean();

  /** Once it is healed, it hears of commits before it gets an entry. */
  private final AtomicInteger heartbeatsFirst = new AtomicInteger(5);

  @AfterEach
  void letAllPass() {
    CodeInjectionForTesting.remove(GrpcServicesImpl.GRPC_SEND_SERVER_REQUEST);
  }

  @Test
  void bringsAVoterIntoStepWhoseFirstEntryIsOfATermThatNobodyElseHasSeen() throws Exception {
    CodeInjectionForTesting.put(
        GrpcServicesImpl.GRPC_SEND_SERVER_REQUEST,
        (_, _, sent) -> {
          if (sent[0] instanceof AppendEntriesRequestProto append) {
            lose(append);
          }
          return false;
        });
    try (var quorum = new TestQuorum(directory, RatisSettings.DEFAULTS, 3, 0)) {
      for (int node = 1; node <= 3; node++) {
        quorum.start(new NodeId(node));
      }
      SOON.until("one leads, and has written its first entry", () -> cutOff.get() != null);
      var first = new NodeId(Integer.parseInt(String.valueOf(cutOff.get())));
      assertThat(quorum.log(first).logStart()).isZero();
      quorum.stop(first);
      quorum.initialize();
      long committed = quorum.change();
      isHealed.set(true);

      quorum.start(first);

      quorum.awaitAgreementAt(committed);
      quorum.awaitAgreementAt(quorum.change());
      assertThat(quorum.fatal).isEmpty();
    }
  }

  private void lose(AppendEntriesRequestProto append) {
    String from = name(append.getServerRequest().getRequestorId());
    String to = name(append.getServerRequest().getReplyId());
    cutOff.compareAndSet(null, from);
    if (isLost(from, to, append.getEntriesCount() == 0)) {
      throw new IllegalStateException("Lost on the way from " + from + " to " + to);
    }
  }

  private boolean isLost(String from, String to, boolean isHeartbeat) {
    if (!isHealed.get()) {
      return from.equals(cutOff.get()) || to.equals(cutOff.get());
    }
    boolean isEarly = to.equals(cutOff.get()) && heartbeatsFirst.get() > 0;
    return isEarly && !(isHeartbeat && heartbeatsFirst.decrementAndGet() >= 0);
  }

  private static String name(ByteString peer) {
    return peer.toStringUtf8();
  }
}
