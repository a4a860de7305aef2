package dev.naru.broker.node;

import dev.naru.broker.peer.ControllerService;
import dev.naru.broker.peer.CoordinatorService;
import dev.naru.broker.peer.FollowerLinks;
import dev.naru.broker.peer.InternalListener;
import dev.naru.broker.peer.LagService;
import dev.naru.broker.peer.ReplicationService;
import dev.naru.broker.peer.SurveyService;
import dev.naru.broker.runtime.NodeRuntime;
import dev.naru.types.HostPort;
import dev.naru.types.NodeId;

/**
 * What a node answers to other nodes. It listens before the node is registered, so that nodes can
 * be started in any order; what it cannot answer yet it says so.
 */
record InternalServices(
    FollowerLinks followers,
    ReplicationService replication,
    ControllerService controller,
    SurveyService survey,
    CoordinatorService coordinators,
    LagService lag) {

  static InternalServices create(
      String clusterId, NodeId self, NodeQuorum quorum, NodeRuntime runtime) {
    var followers = new FollowerLinks();
    return new InternalServices(
        followers,
        new ReplicationService(self, quorum.log()::applied, followers),
        new ControllerService(clusterId, quorum.controller()),
        new SurveyService(clusterId, self),
        new CoordinatorService(clusterId, self, runtime.waiting()),
        new LagService(clusterId, self));
  }

  InternalListener listen(HostPort address, NodeRuntime runtime) throws StartException {
    return NodeAddresses.listen(
        "listeners.internal",
        address,
        bind ->
            InternalListener.open(
                bind,
                runtime.peerLoops(),
                replication,
                controller,
                survey,
                coordinators,
                lag,
                runtime.clocks().nanos()));
  }
}
