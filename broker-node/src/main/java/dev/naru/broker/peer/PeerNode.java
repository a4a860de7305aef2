package dev.naru.broker.peer;

import dev.naru.broker.replica.LocalNode;
import dev.naru.broker.transport.LoopExecutor;
import dev.naru.broker.transport.PeerChannels;
import dev.naru.types.HostPort;
import io.grpc.ManagedChannel;

/** What a link needs to know of this node, and how it reaches others. */
public record PeerNode(String clusterId, LocalNode self, PeerChannels channels) {

  ManagedChannel open(HostPort address, LoopExecutor loop) {
    return channels.open(address, loop);
  }
}
