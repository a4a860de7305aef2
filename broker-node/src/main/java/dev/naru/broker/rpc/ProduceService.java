package dev.naru.broker.rpc;

import dev.naru.broker.access.AccessRules;
import dev.naru.broker.access.Principal;
import dev.naru.broker.access.RequiredAccess;
import dev.naru.broker.flow.ByteBudget;
import dev.naru.broker.metrics.NodeMeters;
import dev.naru.broker.partition.PartitionInput.ProduceArrived;
import dev.naru.broker.partition.PartitionInput.ProduceSpoiled;
import dev.naru.broker.partition.Replies.Appended;
import dev.naru.broker.replica.Acks;
import dev.naru.broker.replica.KnownLeader;
import dev.naru.broker.replica.ProduceAsked;
import dev.naru.broker.replica.ProduceKey;
import dev.naru.broker.rpc.ServingNode.Found;
import dev.naru.broker.transport.EventLoops;
import dev.naru.proto.v1.ProduceRequest;
import dev.naru.proto.v1.ProduceResponse;
import dev.naru.proto.v1.ProduceResult;
import dev.naru.record.BatchBytes;
import dev.naru.record.BatchCheck;
import dev.naru.record.InflationLimit;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
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

/**
 * Takes batches. On the event loop: decodes, checks the bytes and who sends them, and puts each
 * batch into the mailbox of its partition's loop. What the partition says comes back through {@link
 * #produced} and {@link #refused}, on the loop.
 */
public final class ProduceService implements ProduceStream.Handler {

  private static final RequiredAccess REQUIRED =
      new RequiredAccess(RequiredAccess.Operation.WRITE, RequiredAccess.Resource.TOPIC);

  /** A client that waits longer for followers is better off asking again. */
  private static final int TIMEOUT_MILLIS_MAX = 300_000;

  /**
   * What a batch for a compacted topic may be when it is opened here: less than readers allow,
   * because every event loop may be opening one at the same time.
   */
  private static final InflationLimit COMPACTED_LIMIT = new InflationLimit(16 << 20, 100);

  private final ServingNode node;
  private final ProducerCalls calls;
  private final DataStream<WithBatches<ProduceRequest>, ProduceResponse> produce;
  private final LongSupplier streamBytesMax;
  private final int batchBytesMax;
  private final NodeBytes nodeBytes;
  private final NodeMeters meters;
  private final RequestTimes.OfProduce times;
  private final LongSupplier nanoClock;
  private final LongSupplier wallMillis;
  private final AtomicLong lastStream = new AtomicLong();

  /** Written by event loops, read by loops that answer. */
  private final ConcurrentHashMap<Long, Open> streams = new ConcurrentHashMap<>();

  private record Open(ProduceStream stream, Principal principal) {}

  /**
   * Serves the partitions of this node.
   *
   * @param calls the other calls of the service
   * @param memory where batches are received
   * @param streamBytesMax what one stream may have unanswered, asked for each
   * @param batchBytesMax the largest batch that any topic may take
   */
  public ProduceService(
      ServingNode node,
      ProducerCalls calls,
      BatchMemory memory,
      LongSupplier streamBytesMax,
      int batchBytesMax,
      NodeBytes nodeBytes,
      NodeMeters meters,
      LongSupplier nanoClock,
      LongSupplier wallMillis) {
    this.node = node;
    this.calls = calls;
    this.produce = DataStream.PRODUCE.receivingInto(memory);
    this.streamBytesMax = streamBytesMax;
    this.batchBytesMax = batchBytesMax;
    this.nodeBytes = nodeBytes;
    this.meters = meters;
    this.times = new RequestTimes.OfProduce(meters, nanoClock);
    this.nanoClock = nanoClock;
    this.wallMillis = wallMillis;
  }

  /** For the listener. */
  public ServerServiceDefinition definition() {
    return produce.serve(this::open, calls.bindService());
  }

  private StreamObserver<WithBatches<ProduceRequest>> open(
      StreamObserver<ProduceResponse> responses) {
    var stream =
        new ProduceStream(
            lastStream.incrementAndGet(),
            (ServerCallStreamObserver<ProduceResponse>) responses,
            EventLoops.current(),
            this,
            new ByteBudget(streamBytesMax.getAsLong()),
            nodeBytes,
            batchBytesMax,
            times);
    streams.put(stream.number(), new Open(stream, AccessInterceptor.principal()));
    stream.start();
    return stream;
  }

  @Override
  public void ended(ProduceStream stream) {
    streams.remove(stream.number());
  }

  @Override
  public void handle(ProduceStream stream, WithBatches<ProduceRequest> message) {
    var request = message.header();
    var malformed = malformed(stream, request);
    var partition = ProtoIds.partition(request.getTopicId(), request.getPartition());
    if (malformed.isPresent() || partition.isEmpty()) {
      refuse(stream, request, malformed.orElseGet(() -> noPartition(request)), Optional.empty());
      return;
    }
    var earlier = stream.refusedAttempts().of(partition.get(), attempt(request));
    if (earlier.isPresent()) {
      refuse(stream, request, earlier.get(), Optional.empty());
      return;
    }
    switch (node.find(partition.get(), request.hasLeaderEpoch())) {
      case Found.Elsewhere(var why, var leader) ->
          refuseAttempt(stream, request, partition.get(), why, leader);
      case Found.Here here -> {
        var why = OwnTopics.whyNotChanged(here.topic());
        if (why.isPresent()) {
          refuseAttempt(stream, request, partition.get(), why.get(), Optional.empty());
        } else {
          put(stream, request, here, message.batches());
        }
      }
    }
  }

  private void put(
      ProduceStream stream, ProduceRequest request, Found.Here here, BatchBytes batch) {
    var acks = acksOf(request).orElseThrow();
    var spoiled = spoiled(here, batch, acks);
    var key = new ProduceKey(stream.number(), attempt(request), request.getRequestId());
    var input =
        spoiled.isPresent()
            ? new ProduceSpoiled(key, acks, spoiled.get())
            : new ProduceArrived(asked(request, key, acks, batch));
    // Nobody answers a request that wants no answer, so the loop itself says when it is dealt with.
    var underWay = stream.underWay(request.getRequestId()).orElseThrow();
    Runnable taken =
        acks == Acks.NONE
            ? () -> settleTaken(stream, request, batch)
            : () -> {
              underWay.appended(times.now());
              batch.release();
            };
    batch.retain();
    if (here.seat().ask(input, taken)) {
      count(here, batch, spoiled);
    } else {
      batch.release();
      refuseAttempt(
          stream,
          request,
          here.seat().id(),
          new Refused(
              ErrorCode.TOO_MANY_REQUESTS,
              "Expected room in the queue of " + here.seat().id() + ", but it is full"),
          Optional.empty());
    }
  }

  private static void settleTaken(ProduceStream stream, ProduceRequest request, BatchBytes batch) {
    batch.release();
    stream.settleSilently(request.getRequestId());
  }

  private void count(Found.Here here, BatchBytes batch, Optional<Refused> spoiled) {
    if (spoiled.isEmpty()) {
      meters.produced(here.topic().name(), batch.size(), batch.header().recordCount());
    }
  }

  private ProduceAsked asked(ProduceRequest request, ProduceKey key, Acks acks, BatchBytes batch) {
    return new ProduceAsked(
        key,
        acks,
        request.hasLeaderEpoch()
            ? Optional.of(new LeaderEpoch(request.getLeaderEpoch()))
            : Optional.empty(),
        batch,
        wallMillis.getAsLong(),
        nanoClock.getAsLong() + request.getTimeoutMs() * 1_000_000L);
  }

  /** What is wrong with the bytes. */
  private Optional<Refused> spoiled(Found.Here here, BatchBytes batch, Acks acks) {
    return BatchCheck.frame(batch, here.topic().settings().maxMessageBytes())
        .or(() -> BatchCheck.checksum(batch))
        .or(() -> BatchCheck.clientBatch(batch))
        .or(() -> whyNotNumbered(batch, acks))
        .or(() -> whyNotCompacted(here, batch));
  }

  /** Where a batch may be lost although it was answered, its successor would be out of order. */
  private static Optional<Refused> whyNotNumbered(BatchBytes batch, Acks acks) {
    return batch.header().hasProducer() && acks != Acks.ALL
        ? invalid("acks of ALL for a batch with a producer's id", acks.name())
        : Optional.empty();
  }

  /** On a compacted topic a record without a key would stay for ever. */
  private static Optional<Refused> whyNotCompacted(Found.Here here, BatchBytes batch) {
    return here.topic().settings().cleanup().compacts()
        ? BatchCheck.keys(batch, COMPACTED_LIMIT)
        : Optional.empty();
  }

  /** What is wrong with the fields; a request like this may not even say what it is for. */
  private Optional<Refused> malformed(ProduceStream stream, ProduceRequest request) {
    if (acksOf(request).isEmpty()) {
      return invalid(
          "acks of NONE, LEADER or ALL", request.getAcks() + " " + request.getAcksValue());
    }
    if (request.getTimeoutMs() < 1 || request.getTimeoutMs() > TIMEOUT_MILLIS_MAX) {
      return invalid("timeout_ms of 1 to " + TIMEOUT_MILLIS_MAX, "" + request.getTimeoutMs());
    }
    if (request.hasLeaderEpoch() && request.getLeaderEpoch() < 0) {
      return invalid("a leader epoch >= 0", "" + request.getLeaderEpoch());
    }
    return Optional.ofNullable(streams.get(stream.number()))
        .flatMap(open -> AccessRules.check(open.principal(), REQUIRED));
  }

  private static Refused noPartition(ProduceRequest request) {
    return request.getPartition() < 0
        ? new Refused(
            ErrorCode.PARTITION_NOT_FOUND,
            "Expected a partition >= 0, but was " + request.getPartition())
        : new Refused(ErrorCode.TOPIC_NOT_FOUND, "Expected a topic id, but was all zeros");
  }

  private void refuseAttempt(
      ProduceStream stream,
      ProduceRequest request,
      PartitionId partition,
      Refused why,
      Optional<KnownLeader> leader) {
    if (stream.refusedAttempts().add(partition, attempt(request), why)) {
      refuse(stream, request, why, leader);
    } else {
      stream.settleSilently(request.getRequestId());
      stream.fail(
          new Refused(
              ErrorCode.LIMIT_EXCEEDED,
              "Expected refusals for at most %d partitions on a stream, but there are more"
                  .formatted(RefusedAttempts.PARTITIONS_MAX)));
    }
  }

  private void refuse(
      ProduceStream stream, ProduceRequest request, Refused why, Optional<KnownLeader> leader) {
    if (acksOf(request).equals(Optional.of(Acks.NONE))) {
      stream.settleSilently(request.getRequestId());
    } else {
      stream.answer(refusal(request.getRequestId(), why, Appended.NO, leader));
    }
  }

  private ProduceResult refusal(
      long requestId, Refused why, Appended appended, Optional<KnownLeader> leader) {
    meters.refused("produce", why.code());
    var result =
        ProduceResult.newBuilder()
            .setRequestId(requestId)
            .setError(ProtoIds.code(why.code()))
            .setErrorMessage(why.reason())
            .setNotAppended(appended == Appended.NO);
    leader.flatMap(node::hint).ifPresent(result::setLeader);
    return result.build();
  }

  /** A batch was taken. Called by a partition's loop. */
  void produced(ProduceKey key, ProduceResult.Builder result) {
    Optional.ofNullable(streams.get(key.stream()))
        .ifPresent(open ->
            open.stream()
                .answer(
                    result
                        .setRequestId(key.request())
                        .setError(ProtoIds.code(ErrorCode.NONE))
                        .build()));
  }

  /** A batch was not taken, or its outcome is unknown. Called by a partition's loop. */
  void refused(ProduceKey key, Refused why, Appended appended, Optional<KnownLeader> leader) {
    Optional.ofNullable(streams.get(key.stream()))
        .ifPresent(open -> open.stream().answer(refusal(key.request(), why, appended, leader)));
  }

  private static Optional<Acks> acksOf(ProduceRequest request) {
    return switch (request.getAcks()) {
      case ACKS_NONE -> Optional.of(Acks.NONE);
      case ACKS_LEADER -> Optional.of(Acks.LEADER);
      case ACKS_ALL -> Optional.of(Acks.ALL);
      case ACKS_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
    };
  }

  private static long attempt(ProduceRequest request) {
    return Integer.toUnsignedLong(request.getAttempt());
  }

  private static Optional<Refused> invalid(String expected, String found) {
    return Optional.of(
        new Refused(ErrorCode.INVALID_REQUEST, "Expected " + expected + ", but was " + found));
  }
}
