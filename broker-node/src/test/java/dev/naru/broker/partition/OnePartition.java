package dev.naru.broker.partition;

import dev.naru.broker.partition.PartitionInput.Forced;
import dev.naru.broker.partition.PartitionInput.FromFollower;
import dev.naru.broker.partition.PartitionInput.FromLeader;
import dev.naru.broker.partition.PartitionInput.ImageApplied;
import dev.naru.broker.partition.PartitionInput.ProduceArrived;
import dev.naru.broker.partition.PartitionInput.Tick;
import dev.naru.broker.replica.Acks;
import dev.naru.broker.replica.Assignments;
import dev.naru.broker.replica.ForgottenDeletions;
import dev.naru.broker.replica.LogTail;
import dev.naru.broker.replica.ProduceAsked;
import dev.naru.broker.replica.ProduceKey;
import dev.naru.broker.replica.ReplicationConfig;
import dev.naru.broker.replica.SafetyRules;
import dev.naru.broker.replica.SubscriptionId;
import dev.naru.broker.replica.ToFollower;
import dev.naru.broker.replica.ToFollower.AcceptOrder;
import dev.naru.broker.replica.ToFollower.BatchesFrame;
import dev.naru.broker.replica.ToLeader;
import dev.naru.broker.replica.ToLeader.ProgressReport;
import dev.naru.broker.replica.ToLeader.SubscribeRequest;
import dev.naru.log.LogConfig;
import dev.naru.log.PartitionLog;
import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.disk.FaultyDisk;
import dev.naru.log.store.DataDirectory;
import dev.naru.log.store.DataDirectory.Opening.Opened;
import dev.naru.log.store.DirectoryMeta;
import dev.naru.log.store.LogStore;
import dev.naru.log.store.RecoveryListener;
import dev.naru.record.BatchBuilder;
import dev.naru.record.BatchBytes;
import dev.naru.record.Compression;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/** A partition on node 1 over a log on a disk in memory, and an outside that remembers. */
public final class OnePartition {

  private static final String CLUSTER = "00000000-0000-4000-8000-000000000001";
  private static final int WINDOW_BYTES = 1_000;

  final Outside outside = new Outside();
  private final CrashableDisk platter;
  final FaultyDisk disk;
  final DataDirectory directory;
  final LogStore store;
  final PartitionLog log;
  public final Partition partition;
  Assignments assignment = Assignments.led();
  private long nowNanos;
  private long requests;
  private int forced;

  OnePartition() {
    this(formatted(), Optional.empty());
  }

  private OnePartition(CrashableDisk platter, Optional<Tenancy> tenancy) {
    this.platter = platter;
    disk = new FaultyDisk(platter);
    directory =
        ((Opened) DataDirectory.open(disk, CLUSTER, Assignments.node(1), () -> 0, _ -> {}))
            .directory();
    store =
        LogStore.open(List.of(directory), LogConfig.DEFAULTS, Runnable::run, RecoveryListener.NONE);
    log =
        store
            .log(Assignments.PARTITION)
            .orElseGet(() -> store.create(Assignments.PARTITION, LogConfig.DEFAULTS));
    partition =
        new Partition(
            Assignments.local(1),
            log,
            new ReplicationConfig(Duration.ofSeconds(6), WINDOW_BYTES),
            SafetyRules.PRODUCT,
            outside.ports(),
            tenancy,
            nowNanos);
  }

  private static CrashableDisk formatted() {
    var platter = CrashableDisk.empty();
    DataDirectory.format(platter, new DirectoryMeta(CLUSTER, Assignments.node(1), new UUID(1, 1)));
    return platter;
  }

  /** The process ends without a word, and another one finds what is on the disk. */
  OnePartition restarted() {
    store.close();
    var next = new OnePartition(platter, Optional.empty());
    next.assignment = assignment;
    return next;
  }

  /** A partition of one of Naru's own topics, which node 1 is to lead alone. */
  static OnePartition with(Tenancy tenancy) {
    return new OnePartition(formatted(), Optional.of(tenancy));
  }

  /** Node 1 leads, and is all that need be in sync. */
  static OnePartition alone() {
    var one = new OnePartition();
    one.image(one.assignment.withIsr(1).withMinInsync(1));
    return one;
  }

  /** Node 1 leads, and waits for node 2, which has subscribed with an empty log. */
  static OnePartition leadingTwo() {
    var one = new OnePartition();
    one.image(one.assignment.withIsr(1, 2));
    one.subscribe(0, WINDOW_BYTES);
    return one;
  }

  /** The same with node 3. */
  static OnePartition leadingThree() {
    var one = new OnePartition();
    one.image(one.assignment.withIsr(1, 2, 3));
    one.subscribe(0, WINDOW_BYTES);
    one.take(new FromFollower(one.otherFollower(), one.subscribeRequest(0, WINDOW_BYTES)));
    return one;
  }

  /** Node 1 follows node 2. */
  public static OnePartition following() {
    var one = new OnePartition();
    one.image(one.assignment.withLeader(2));
    return one;
  }

  void image(Assignments newer) {
    assignment = newer;
    take(new ImageApplied(newer.build()));
  }

  void take(PartitionInput input) {
    partition.take(input);
  }

  // ---- as a leader

  void subscribe(long itsEnd, long creditBytes) {
    fromFollower(subscribeRequest(itsEnd, creditBytes));
  }

  private SubscribeRequest subscribeRequest(long itsEnd, long creditBytes) {
    return new SubscribeRequest(
        1,
        Assignments.PARTITION,
        epoch(),
        assignment.build().partitionEpoch(),
        new LogTail(0, itsEnd, itsEnd, Optional.empty(), OptionalInt.empty()),
        creditBytes);
  }

  /** A later subscription of a follower whose last batch, of this epoch, has this checksum. */
  void subscribeWithLastBatch(long number, long itsEnd, int crc) {
    var tail = new LogTail(0, itsEnd, itsEnd, Optional.of(epoch()), OptionalInt.of(crc));
    take(
        new FromFollower(
            new SubscriptionId(Assignments.node(2), new NodeEpoch(20), number),
            new SubscribeRequest(
                number,
                Assignments.PARTITION,
                epoch(),
                assignment.build().partitionEpoch(),
                tail,
                WINDOW_BYTES)));
  }

  /** A bit of the checksum field of the only batch flips. */
  void rotLastBatch() {
    rot(17);
  }

  /** One of its length does, and no frame can be read there. */
  void rotFrameOfLastBatch() {
    rot(8);
  }

  private void rot(int position) {
    String name = log.id() + "/00000000000000000000.log";
    byte[] flipped = {(byte) (platter.bytes(name)[position] ^ 1)};
    try (var file = platter.open(name).orElseThrow()) {
      file.write(ByteBuffer.wrap(flipped), position);
    }
  }

  void fromFollower(ToLeader message) {
    take(new FromFollower(follower(), message));
  }

  SubscriptionId follower() {
    return new SubscriptionId(Assignments.node(2), new NodeEpoch(20), 1);
  }

  void ack(long end) {
    ack(end, 0);
  }

  void ack(long end, long logStart) {
    fromFollower(new ProgressReport(1, epoch(), end, end, logStart));
  }

  void ackByOther(long end) {
    take(new FromFollower(otherFollower(), new ProgressReport(1, epoch(), end, end, 0)));
  }

  private SubscriptionId otherFollower() {
    return new SubscriptionId(Assignments.node(3), new NodeEpoch(30), 1);
  }

  /** Produces one batch of so many records in the first attempt; its number is the request's. */
  long produce(Acks acks, int records) {
    return produce(acks, records, 1);
  }

  long produce(Acks acks, int records, long attempt) {
    return produce(acks, batch(records), attempt);
  }

  long produce(Acks acks, BatchBytes batch, long attempt) {
    var key = new ProduceKey(7, attempt, ++requests);
    take(
        new ProduceArrived(
            new ProduceAsked(
                key,
                acks,
                Optional.empty(),
                batch,
                0,
                nowNanos + Duration.ofSeconds(30).toNanos())));
    return requests;
  }

  static BatchBytes batch(int records) {
    var builder = new BatchBuilder(1 << 16);
    for (int i = 0; i < records; i++) {
      builder.append(0, new byte[0], new byte[20], List.of());
    }
    return builder.build(Compression.NONE);
  }

  /** The same bytes each time, as a producer of this id sends them that sends them again. */
  static BatchBytes numbered(long producer, int sequence, int records) {
    return numbered(producer, sequence, records, new byte[20]);
  }

  static BatchBytes numbered(long producer, int sequence, int records, byte[] value) {
    var builder = new BatchBuilder(1 << 16);
    for (int i = 0; i < records; i++) {
      builder.append(0, new byte[0], value, List.of());
    }
    builder.producer(producer, (short) 0, sequence);
    return builder.build(Compression.NONE);
  }

  // ---- as a follower

  void fromLeader(ToFollower message) {
    take(new FromLeader(new NodeId(2), message));
  }

  /** Node 2 refuses the newest subscription. */
  public PartitionInput refusal(ErrorCode code) {
    var why = new Refused(code, "Expected x, but y");
    return new FromLeader(new NodeId(2), new ToFollower.Refusal(subscription(), why));
  }

  /** How often it has asked its leader so far. */
  public int subscriptionsAsked() {
    return outside.toLeader(SubscribeRequest.class).size();
  }

  void accepted() {
    fromLeader(
        new AcceptOrder(subscription(), epoch(), log.end(), false, 0, ForgottenDeletions.NONE));
  }

  void batches(int records, long highWatermark) {
    var batch = batch(records);
    batch.stamp(log.end(), epoch());
    fromLeader(new BatchesFrame(subscription(), epoch(), highWatermark, 0, batch));
  }

  long subscription() {
    return outside.toLeader(SubscribeRequest.class).getLast().subscription();
  }

  LeaderEpoch epoch() {
    return new LeaderEpoch(assignment.leaderEpoch());
  }

  // ---- the disk and the clock

  /** The turn ends, and whatever it asked for is forced. */
  void settleAndForce() {
    partition.settle();
    while (forced < outside.tickets.size()) {
      var ticket = outside.tickets.get(forced++);
      ticket.perform();
      take(new Forced(ticket));
    }
    partition.settle();
  }

  void pass(Duration time) {
    nowNanos += time.toNanos();
    take(new Tick(nowNanos));
  }
}
