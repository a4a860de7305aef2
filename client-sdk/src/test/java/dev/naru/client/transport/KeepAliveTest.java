package dev.naru.client.transport;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.fake.FakeCluster;
import dev.naru.testing.Eventually;
import dev.naru.types.HostPort;
import dev.naru.types.Refused;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node that vanishes without a word: no end of the connection comes, nor anything else. */
class KeepAliveTest {

  private final FakeCluster cluster = FakeCluster.of(1);
  private final Line line = new Line(cluster.address(1));
  private final Channels channels = new Channels("", Thread::new);

  @AfterEach
  void close() {
    channels.close();
    line.close();
    cluster.close();
  }

  @Test
  void endsAStreamOnWhichNothingIsAwaited() {
    var answered = new CompletableFuture<Long>();
    var closed = new CompletableFuture<Refused>();
    var stream =
        FetchStream.open(
            channels,
            line.address(),
            new FetchStream.Listener() {
              @Override
              public void onMessage(
                  long requestId, Optional<FetchStream.Part> part, boolean isLast) {
                answered.complete(requestId);
              }

              @Override
              public void onClosed(Refused why) {
                closed.complete(why);
              }
            });
    stream.send(new FetchStream.Request(1, 0, 0, 1, List.of()));
    assertThat(answered.join()).isEqualTo(1);

    line.fallSilent();

    Eventually.allowing("silence until it is asked", ofSeconds(10))
        .and("its answer", ofSeconds(5))
        .until("the stream is over", closed::isDone);
    assertThat(closed.join().code().isRetriable()).isTrue();
  }

  /** Hands on what comes, both ways, until it does not. */
  private static final class Line {

    private final HostPort target;
    private final ServerSocket server;
    private final ConcurrentLinkedQueue<Socket> ends = new ConcurrentLinkedQueue<>();
    private volatile boolean isSilent; // written by the test, read by whoever hands on

    Line(HostPort target) {
      this.target = target;
      try {
        this.server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      start(this::accept);
    }

    HostPort address() {
      return new HostPort("127.0.0.1", server.getLocalPort());
    }

    void fallSilent() {
      isSilent = true;
    }

    private static void start(Task task) {
      Thread.ofPlatform()
          .daemon()
          .start(() -> {
            try {
              task.run();
            } catch (IOException closed) {
              // the test is over
            }
          });
    }

    private void accept() throws IOException {
      while (true) {
        var near = server.accept();
        var far = new Socket(InetAddress.getLoopbackAddress(), target.port());
        ends.add(near);
        ends.add(far);
        start(() -> handOn(near, far));
        start(() -> handOn(far, near));
      }
    }

    private void handOn(Socket from, Socket to) throws IOException {
      byte[] piece = new byte[4096];
      for (int read = from.getInputStream().read(piece);
          read >= 0;
          read = from.getInputStream().read(piece)) {
        if (!isSilent) {
          to.getOutputStream().write(piece, 0, read);
        }
      }
    }

    void close() {
      ends.forEach(Line::close);
      close(server);
    }

    private static void close(Closeable each) {
      try {
        each.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private interface Task {
      void run() throws IOException;
    }
  }
}
