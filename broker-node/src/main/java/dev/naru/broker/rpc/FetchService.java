package dev.naru.broker.rpc;

import dev.naru.broker.loop.ReadPool;
import dev.naru.broker.metrics.NodeMeters;
import dev.naru.broker.partition.FetchKey;
import dev.naru.broker.transport.EventLoops;
import dev.naru.broker.transport.HandOver;
import dev.naru.log.ReadMemory;
import dev.naru.proto.v1.FetchRequest;
import dev.naru.proto.v1.FetchResponse;
import dev.naru.wire.BatchMemory;
import dev.naru.wire.DataStream;
import dev.naru.wire.WithBatches;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Serves committed records of the partitions that this node leads. */
public final class FetchService {

  private final ServingNode node;
  private final ReadPool reads;
  private final ReadMemory memory;
  private final ReadFaults faults;
  private final NodeMeters meters;
  private final RequestTimes.OfReads times;
  private final LongSupplier nanoClock;
  private final AtomicLong lastStream = new AtomicLong();

  /** Written by event loops, read by loops that wake a fetch. */
  private final ConcurrentHashMap<Long, FetchStream> streams = new ConcurrentHashMap<>();

  /** Reads on this pool, into this memory. */
  public FetchService(
      ServingNode node,
      ReadPool reads,
      BatchMemory memory,
      ReadFaults faults,
      NodeMeters meters,
      LongSupplier nanoClock) {
    this.node = node;
    this.reads = reads;
    this.memory = forReads(memory);
    this.faults = faults;
    this.meters = meters;
    this.times = new RequestTimes.OfReads(meters, nanoClock);
    this.nanoClock = nanoClock;
  }

  private static ReadMemory forReads(BatchMemory memory) {
    return bytes ->
        memory
            .lend(bytes)
            .map(room -> new ReadMemory.Room(room.bytes(), room.giveBack()))
            .orElseGet(() -> ReadMemory.HEAP.lend(bytes));
  }

  /** For the listener. */
  public ServerServiceDefinition definition() {
    return DataStream.FETCH.sendingBy(HandOver.SENDER).serve(this::open);
  }

  private StreamObserver<FetchRequest> open(StreamObserver<WithBatches<FetchResponse>> responses) {
    var number = lastStream.incrementAndGet();
    var stream =
        new FetchStream(
            number,
            AccessInterceptor.principal(),
            (ServerCallStreamObserver<WithBatches<FetchResponse>>) responses,
            EventLoops.current(),
            new FetchReader(node, reads, memory, faults, meters, times),
            nanoClock,
            () -> streams.remove(number));
    streams.put(number, stream);
    stream.start();
    return stream;
  }

  /** There may be something to read. Called by a partition's loop. */
  void fetchReady(FetchKey key) {
    Optional.ofNullable(streams.get(key.stream())).ifPresent(stream -> stream.wake(key.request()));
  }
}
