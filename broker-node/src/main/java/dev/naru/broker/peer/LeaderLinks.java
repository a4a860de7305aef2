package dev.naru.broker.peer;

import dev.naru.broker.loop.PartitionDirectory;
import dev.naru.broker.partition.PartitionInput;
import dev.naru.broker.replica.ToLeader;
import dev.naru.broker.transport.EventLoops;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.log.Applied;
import dev.naru.proto.internal.v1.FollowerMessage;
import dev.naru.proto.internal.v1.LeaderMessage;
import dev.naru.types.HostPort;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import dev.naru.wire.BatchMemory;
import dev.naru.wire.DataStream;
import dev.naru.wire.WithBatches;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The streams to the nodes that lead what is followed here, or may, one each. For any thread. */
public final class LeaderLinks implements AutoCloseable {

  private final PeerNode node;
  private final DataStream<FollowerMessage, WithBatches<LeaderMessage>> replicate;
  private final EventLoops eventLoops;
  private final Supplier<Applied> applied;
  private final PartitionDirectory directory;
  private final Consumer<Refused> fenced;
  private final ConcurrentHashMap<NodeId, LeaderLink> links = new ConcurrentHashMap<>();

  /**
   * No stream yet.
   *
   * @param memory where batches are received
   * @param fenced told when another process has registered under this node's id: this one must stop
   */
  public LeaderLinks(
      PeerNode node,
      BatchMemory memory,
      EventLoops eventLoops,
      Supplier<Applied> applied,
      PartitionDirectory directory,
      Consumer<Refused> fenced) {
    this.node = node;
    this.replicate = DataStream.REPLICATE.receivingInto(memory);
    this.eventLoops = eventLoops;
    this.applied = applied;
    this.directory = directory;
    this.fenced = fenced;
  }

  /**
   * Opens the stream to this node, unless it is open, and opens it again when it breaks, for as
   * long as the node is registered: without a subscription, too.
   */
  public void keepOpen(NodeId leader) {
    link(leader).keepOpen();
  }

  void send(NodeId leader, ToLeader message) {
    link(leader).send(message);
  }

  private LeaderLink link(NodeId leader) {
    return links.computeIfAbsent(leader, id -> new LeaderLink(id, node, this, eventLoops.next()));
  }

  /** The method, with the memory of this node. */
  DataStream<FollowerMessage, WithBatches<LeaderMessage>> replicate() {
    return replicate;
  }

  Optional<HostPort> addressOf(NodeId leader) {
    return applied.get().image().node(leader).map(NodeImage::internal);
  }

  /** False when the partition is not here any more. */
  boolean deliver(PartitionId partition, PartitionInput input, Runnable taken) {
    var seat = directory.seat(partition);
    seat.ifPresent(present -> present.tell(input, taken));
    return seat.isPresent();
  }

  void fenced(Refused why) {
    fenced.accept(why);
  }

  /** Ends every stream. */
  @Override
  public void close() {
    links.values().forEach(LeaderLink::close);
  }
}
