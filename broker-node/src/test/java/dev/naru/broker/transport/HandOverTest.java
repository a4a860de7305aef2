package dev.naru.broker.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.naru.proto.internal.v1.Batches;
import dev.naru.proto.internal.v1.FollowerMessage;
import dev.naru.proto.internal.v1.LeaderMessage;
import dev.naru.record.BatchBytes;
import dev.naru.testing.Seeds;
import dev.naru.types.HostPort;
import dev.naru.wire.DataStream;
import dev.naru.wire.WithBatches;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Batches from one node to another, over a connection as nodes have it. */
class HandOverTest {

  private static final int BATCH_BYTES_MAX = 4 << 20;

  private final EventLoops loops = EventLoops.start(2, Thread.ofPlatform().daemon().factory());
  private final PooledMemory memory = new PooledMemory(64L << 20);
  private final AtomicInteger held = new AtomicInteger();
  private final BlockingQueue<StreamObserver<WithBatches<LeaderMessage>>> leaders =
      new LinkedBlockingQueue<>();
  private RpcServer server;

  @BeforeEach
  void listen() throws Exception {
    server =
        RpcServer.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            loops,
            BATCH_BYTES_MAX,
            List.of(
                DataStream.REPLICATE
                    .sendingBy(HandOver.SENDER)
                    .serve(answers -> {
                      leaders.add(answers);
                      return new Ignoring<>();
                    })),
            List.of(),
            Optional.empty());
  }

  @AfterEach
  void end() {
    server.abort();
    loops.close();
  }

  @Test
  void bringsEveryBatchAndGivesItsMemoryBack() {
    Seeds.forEach(
        3,
        (seed, random) -> {
          var received = new ConcurrentLinkedQueue<Integer>();
          var sums = new ArrayList<Integer>();
          var channel =
              new PeerChannels(BATCH_BYTES_MAX)
                  .open(new HostPort("127.0.0.1", server.port()), loops.next());
          try {
            var follower = follow(channel, received);
            var leader = leaders.take();
            for (int i = 0; i < 200; i++) {
              var batches = leased(random);
              sums.add(checksum(batches));
              leader.onNext(new WithBatches<>(header(i), batches));
              batches.release();
            }

            await().until(() -> received.size() == sums.size());

            assertThat(received).containsExactlyElementsOf(sums);
            follower.onCompleted();
          } finally {
            channel.shutdownNow();
          }
          await().untilAsserted(() -> assertThat(held).hasValue(0));
          await().untilAsserted(() -> assertThat(memory.lentBytes()).isZero());
        });
  }

  @Test
  void givesBackWhatWaitsToBeSentWhenTheConnectionBreaks() throws Exception {
    var channel =
        new PeerChannels(BATCH_BYTES_MAX)
            .open(new HostPort("127.0.0.1", server.port()), loops.next());
    DataStream.REPLICATE
        .open(channel, CallOptions.DEFAULT, new NeverReading())
        .onNext(FollowerMessage.getDefaultInstance());
    var leader = leaders.take();
    for (int i = 0; i < 20; i++) {
      var batches = leased(1 << 20, RandomGenerator.getDefault());
      leader.onNext(new WithBatches<>(header(i), batches));
      batches.release();
    }
    assertThat(held).as("more than the window lets through").hasPositiveValue();

    channel.shutdownNow();

    await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(held).hasValue(0));
  }

  private StreamObserver<FollowerMessage> follow(
      Channel channel, ConcurrentLinkedQueue<Integer> received) {
    var follower =
        DataStream.REPLICATE
            .receivingInto(memory)
            .open(
                channel,
                CallOptions.DEFAULT,
                new Ignoring<>() {
                  @Override
                  public void onNext(WithBatches<LeaderMessage> message) {
                    received.add(checksum(message.batches()));
                    message.batches().release();
                  }
                });
    follower.onNext(FollowerMessage.getDefaultInstance());
    return follower;
  }

  private BatchBytes leased(RandomGenerator random) {
    int magnitude = 1 << random.nextInt(22);
    return leased(1 + random.nextInt(magnitude), random);
  }

  private BatchBytes leased(int size, RandomGenerator random) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    var buffer = ByteBuffer.allocateDirect(size).put(bytes).flip();
    held.incrementAndGet();
    return BatchBytes.leased(
        buffer,
        () -> {
          held.decrementAndGet();
          buffer.clear().put(new byte[size]); // whoever still sends it is found out
        });
  }

  private static int checksum(BatchBytes batches) {
    var crc = new CRC32C();
    crc.update(batches.asByteBuffer());
    return (int) crc.getValue();
  }

  private static LeaderMessage header(int number) {
    return LeaderMessage.newBuilder()
        .setHeader(Batches.newBuilder().setSubscription(number))
        .build();
  }

  private static class Ignoring<T> implements StreamObserver<T> {
    @Override
    public void onNext(T message) {}

    @Override
    public void onError(Throwable cause) {}

    @Override
    public void onCompleted() {}
  }

  /** Asks for nothing, so that what is sent waits. */
  private static final class NeverReading extends Ignoring<WithBatches<LeaderMessage>>
      implements ClientResponseObserver<FollowerMessage, WithBatches<LeaderMessage>> {
    @Override
    public void beforeStart(ClientCallStreamObserver<FollowerMessage> call) {
      call.disableAutoRequestWithInitial(0);
    }
  }
}
