package dev.naru.metadata.ratis;

import dev.naru.metadata.log.MetadataLogException;
import dev.naru.metadata.log.QuorumMember;
import dev.naru.metadata.log.QuorumView;
import dev.naru.metadata.log.Voter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.protocol.exceptions.TimeoutIOException;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.ExitUtils;
import org.apache.ratis.util.IOUtils;

/** One Ratis server with the one group of the cluster, and the few requests that are made of it. */
final class RaftNode {

  private static final Logger LOG = LogManager.getLogger(RaftNode.class);

  /**
   * A voter that hears nothing of a leader asks for an election and knows of none. A listener waits
   * for ever; after as long as several elections take it must not name the one it last heard.
   */
  private static final int ELECTIONS_OF_SILENCE = 4;

  /** Ratis lets a leader go after one of silence; this look must not come before it. */
  private static final int ELECTIONS_ALONE = 2;

  private static final long STEP_DOWN_LIMIT_MILLIS = 5_000;

  /** More than the 30 s that Ratis gives a node to catch up; committing has no limit of its own. */
  private static final long CHANGE_LIMIT_SECONDS = 40;

  private final RaftServer server;
  private final RaftGroupId group;
  private final ClientId self;
  private final long silenceMillisMax;
  private final long aloneMillisMax;
  private final AtomicLong otherCalls = new AtomicLong();

  private RaftNode(
      RaftServer server, RaftGroupId group, ClientId self, Duration electionTimeoutMax) {
    this.server = server;
    this.group = group;
    this.self = self;
    this.silenceMillisMax = electionTimeoutMax.toMillis() * ELECTIONS_OF_SILENCE;
    this.aloneMillisMax = electionTimeoutMax.toMillis() * ELECTIONS_ALONE;
  }

  /**
   * Starts the server. A static voter starts with all voters; any other node with the voters and
   * itself as a listener, and becomes a member when the controller says so. What the log says of
   * members afterwards wins over both.
   */
  static RaftNode start(
      QuorumSeat seat,
      RatisSettings settings,
      MetadataDirectory directory,
      ClientId self,
      RatisStateMachine machine)
      throws MetadataLogException {
    ExitUtils.disableSystemExit(); // Ratis would end the process over a port in use
    var group = RaftGroupId.valueOf(seat.cluster());
    RaftServer server = null;
    try {
      server =
          RaftServer.newBuilder()
              .setServerId(RaftPeerId.valueOf(directory.peer()))
              .setGroup(RaftGroup.valueOf(group, peers(seat, directory.peer())))
              .setStateMachine(machine)
              .setProperties(RaftTuning.properties(seat, settings))
              .setOption(RaftStorage.StartupOption.RECOVER)
              .build();
      server.start();
      // Ratis keeps them in a file without a checksum, and believes what it reads.
      var _ = Members.of(server.getDivision(group).getRaftConf());
      return new RaftNode(server, group, self, settings.electionTimeoutMax());
    } catch (IOException | RuntimeException e) {
      if (server != null) {
        closeQuietly(server);
      }
      throw StartFault.explain(seat, e);
    }
  }

  private static List<RaftPeer> peers(QuorumSeat seat, String peer) {
    var peers = new ArrayList<RaftPeer>();
    for (Voter voter : seat.voters()) {
      peers.add(Members.peer(Members.voterMember(voter), RaftPeerRole.FOLLOWER));
    }
    if (peers.stream().noneMatch(voter -> voter.getId().toString().equals(peer))) {
      peers.add(Members.peer(Members.self(seat, peer), RaftPeerRole.LISTENER));
    }
    return peers;
  }

  RaftServer.Division division() throws IOException {
    return server.getDivision(group);
  }

  /** What this server knows of the quorum. */
  QuorumView view() {
    try {
      RaftServer.Division division = division();
      DivisionInfo info = division.getInfo();
      var members = Members.of(division.getRaftConf());
      return new QuorumView(
          role(info),
          info.getCurrentTerm(),
          Optional.ofNullable(info.getLeaderId())
              .filter(_ -> !isListenerInSilence(info))
              .map(id -> QuorumMember.nodeOf(id.toString())),
          members.voters(),
          members.listeners(),
          division.getRaftLog().getLastCommittedIndex());
    } catch (IOException e) {
      LOG.debug("The group of this cluster is not there any more", e);
      return new QuorumView(QuorumView.Role.STOPPED, 0, Optional.empty(), List.of(), List.of(), 0);
    }
  }

  /** What this server, or the leader that it follows, has heard of each member; also long ago. */
  SortedMap<String, Long> reached() {
    var reached = new TreeMap<String, Long>();
    try {
      for (var known : division().getCommitInfos()) {
        reached.merge(known.getServer().getId().toStringUtf8(), known.getCommitIndex(), Math::max);
      }
    } catch (IOException e) {
      LOG.debug("The group of this cluster is not there any more", e);
    }
    return reached;
  }

  private boolean isListenerInSilence(DivisionInfo info) {
    return info.getCurrentRole() == RaftPeerRole.LISTENER
        && info.getRoleInfoProto().getFollowerInfo().getLeaderInfo().getLastRpcElapsedTimeMs()
            > silenceMillisMax;
  }

  /**
   * Lets Ratis step down if this server leads without a majority. It looks by itself, but only when
   * nothing was appended for as long as an election takes: a leader that gets commands all the time
   * would lead alone for ever, and the listeners, which it reaches, would take it for the active
   * controller. Does not wait for it.
   */
  void stepDownIfAlone() throws IOException {
    RaftServer.Division division = division();
    var role = division.getInfo().getRoleInfoProto();
    if (!role.hasLeaderInfo() || role.getRoleElapsedTimeMs() <= aloneMillisMax) {
      return;
    }
    var answering = answering(role);
    if (!areMajority(answering, division.getRaftConf())) {
      LOG.warn(
          LogCode.CONTROLLER_CHANGED.marker(),
          "Expected a majority of the voters to answer this leader, but for {} ms only {} did; it"
              + " steps down",
          aloneMillisMax,
          answering);
      stepDown();
    }
  }

  /** The peers of which this server, if it leads, has not heard for this long. */
  Set<String> silentPeers(Duration silence) throws IOException {
    return division().getInfo().getRoleInfoProto().getLeaderInfo().getFollowerInfoList().stream()
        .filter(follower -> follower.getLastRpcElapsedTimeMs() > silence.toMillis())
        .map(follower -> follower.getId().getId().toStringUtf8())
        .collect(Collectors.toSet());
  }

  /**
   * The peers of which this server, if it leads, hears nothing from now on for as long as a leader
   * may be alone. Waits so long: one that has died a moment ago was heard a moment ago too.
   */
  Set<String> silentFromNow() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(aloneMillisMax);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("The node stops");
    }
    return silentPeers(Duration.ofMillis(aloneMillisMax));
  }

  /** This leader, and the others of which it has heard lately. */
  private Set<RaftPeerId> answering(RoleInfoProto leader) {
    var answering =
        leader.getLeaderInfo().getFollowerInfoList().stream()
            .filter(follower -> follower.getLastRpcElapsedTimeMs() <= aloneMillisMax)
            .map(follower -> RaftPeerId.valueOf(follower.getId().getId()))
            .collect(Collectors.toSet());
    answering.add(server.getId());
    return answering;
  }

  private static boolean areMajority(Set<RaftPeerId> answering, RaftConfiguration members) {
    return areMajority(answering, members.getCurrentPeers())
        && areMajority(answering, members.getPreviousPeers());
  }

  /** True of no voters: there are previous ones only while the members change. */
  private static boolean areMajority(Set<RaftPeerId> answering, Collection<RaftPeer> voters) {
    long count = voters.stream().filter(voter -> answering.contains(voter.getId())).count();
    return voters.isEmpty() || count > voters.size() / 2;
  }

  /**
   * How long ago, in milliseconds, a majority of the voters confirmed that this server leads; empty
   * if it does not, or never was confirmed. No lock, no I/O.
   */
  OptionalLong confirmedMillisAgo() {
    try {
      RaftServer.Division division = division();
      return division.getInfo().isLeader()
          ? FixedGrpc.confirmations(server).millisAgo(division.getRaftConf(), server.getId())
          : OptionalLong.empty();
    } catch (IOException e) {
      LOG.debug("The group of this cluster is not there any more", e);
      return OptionalLong.empty();
    }
  }

  private void stepDown() throws IOException {
    var _ =
        server
            .transferLeadershipAsync(
                new TransferLeadershipRequest(
                    otherClient(),
                    server.getId(),
                    group,
                    otherCalls.incrementAndGet(),
                    null, // nobody: it only steps down
                    STEP_DOWN_LIMIT_MILLIS))
            .whenComplete((_, fault) -> {
              if (fault != null) {
                LOG.debug("The next look asks again", fault);
              }
            });
  }

  private static QuorumView.Role role(DivisionInfo info) {
    if (!info.isAlive()) {
      return QuorumView.Role.STOPPED;
    }
    return switch (info.getCurrentRole()) {
      case LEADER -> QuorumView.Role.CONTROLLER;
      case CANDIDATE -> QuorumView.Role.CANDIDATE;
      case LISTENER -> QuorumView.Role.LISTENER;
      case FOLLOWER -> QuorumView.Role.VOTER;
      case UNRECOGNIZED -> QuorumView.Role.STOPPED;
    };
  }

  /** Hands a command to Ratis, which has put it into its log, or refused it, when this returns. */
  CompletableFuture<RaftClientReply> submit(long call, ByteString command) throws IOException {
    return server.submitClientRequestAsync(
        RaftClientRequest.newBuilder()
            .setClientId(self)
            .setServerId(server.getId())
            .setGroupId(group)
            .setCallId(call)
            .setMessage(Message.valueOf(command))
            .setType(RaftClientRequest.writeRequestType())
            .build());
  }

  /**
   * Replaces the members if they are still the ones expected; waits until that is committed or
   * refused, 40 s at most.
   */
  RaftClientReply compareAndSetMembers(Members expected, Members wanted) throws IOException {
    var request =
        new SetConfigurationRequest(
            otherClient(),
            server.getId(),
            group,
            otherCalls.incrementAndGet(),
            SetConfigurationRequest.Arguments.newBuilder()
                .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                .setServersInCurrentConf(expected.voterPeers())
                .setListenersInCurrentConf(expected.listenerPeers())
                .setServersInNewConf(wanted.voterPeers())
                .setListenersInNewConf(wanted.listenerPeers())
                .build());
    try {
      return server.setConfigurationAsync(request).get(CHANGE_LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw IOUtils.asIOException(e.getCause());
    } catch (TimeoutException e) {
      throw new TimeoutIOException(
          "Expected the change to be committed within %d s".formatted(CHANGE_LIMIT_SECONDS), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("The node stops");
    }
  }

  /** Writes a snapshot unless fewer than this many entries came since the last. */
  CompletableFuture<RaftClientReply> snapshot(long entriesMin, long timeoutMillis)
      throws IOException {
    return server.snapshotManagementAsync(
        SnapshotManagementRequest.newCreate(
            otherClient(),
            server.getId(),
            group,
            otherCalls.incrementAndGet(),
            timeoutMillis,
            entriesMin));
  }

  /**
   * Ratis counts calls by client; these are not commands, so they must not share the commands'
   * count.
   */
  private static ClientId otherClient() {
    return ClientId.randomId();
  }

  void close() {
    closeQuietly(server);
  }

  private static void closeQuietly(RaftServer server) {
    try {
      server.close();
    } catch (IOException e) {
      LOG.warn(LogCode.STARTUP_STEP.marker(), "Expected the metadata log to close cleanly, but", e);
    }
  }
}
