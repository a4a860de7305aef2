package dev.naru.metadata.ratis;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/**
 * The properties Ratis runs with. Whatever is not named here keeps Ratis' default; the two that
 * guard durability are named although they are defaults, so that no default can change them.
 */
final class RaftTuning {

  /** Most bytes of entries in one message to a follower. */
  static final int BATCH_BYTES = 2 << 20;

  /** Direct memory of the log's writer: twice the largest entry and to spare. */
  private static final int WRITE_BUFFER_BYTES = 4 << 20;

  private RaftTuning() {}

  static RaftProperties properties(QuorumSeat seat, RatisSettings settings) {
    var properties = new RaftProperties();
    // A class name: Ratis makes the transport by itself.
    properties.set("raft.rpc.type", FixedGrpc.class.getName());
    // At the leader only, and unconfirmed: reads serve the search for the controller, which is
    // asked again by whoever found it.
    properties.set("raft.server.read.option", "DEFAULT");
    GrpcConfigKeys.Server.setHost(properties, seat.bind().host());
    GrpcConfigKeys.Server.setPort(properties, seat.bind().port());
    RaftServerConfigKeys.setStorageDir(
        properties, List.of(MetadataDirectory.raft(seat.directory()).toFile()));
    // Its default lies in the system's temporary directory.
    properties.set(
        "raft.server.removed.groups.dir", seat.directory().resolve("removed").toString());
    timeouts(properties, settings);
    log(properties);
    snapshots(properties, settings);
    return properties;
  }

  private static void timeouts(RaftProperties properties, RatisSettings settings) {
    properties.set("raft.server.rpc.timeout.min", millis(settings.electionTimeoutMin().toMillis()));
    properties.set("raft.server.rpc.timeout.max", millis(settings.electionTimeoutMax().toMillis()));
    // By default a leader that stepped down may not stand again for ten seconds, not even when no
    // other has the complete log.
    properties.set(
        "raft.server.leaderelection.leader.step-down.wait-time",
        millis(settings.electionTimeoutMax().toMillis()));
    properties.set("raft.server.rpc.request.timeout", millis(2_000));
    properties.set("raft.server.rpc.slowness.timeout", millis(10_000));
    // A pause of a minute must not close the server under a living process.
    properties.set("raft.server.close.threshold", "36500d");
    properties.set("raft.server.staging.timeout", millis(30_000));
    properties.set("raft.server.notification.no-leader.timeout", millis(5_000));
    properties.set("raft.client.rpc.request.timeout", millis(1_000));
  }

  private static void log(RaftProperties properties) {
    properties.set("raft.server.log.corruption.policy", "EXCEPTION");
    properties.set("raft.server.log.unsafe-flush.enabled", "false");
    // Without it followers learn of a commit with the next heartbeat only.
    properties.set("raft.server.log.log-metadata.enabled", "true");
    // Otherwise one dead listener keeps the whole log for ever.
    properties.set("raft.server.log.purge.upto.snapshot.index", "true");
    properties.set("raft.server.log.purge.gap", "1");
    // Small segments and caches: entries are cached on the heap at several times their size.
    RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SizeInBytes.valueOf("8MB"));
    RaftServerConfigKeys.Log.setPreallocatedSize(properties, SizeInBytes.valueOf("1MB"));
    RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, 2);
    RaftServerConfigKeys.Log.setSegmentCacheSizeMax(properties, SizeInBytes.valueOf("32MB"));
    RaftServerConfigKeys.Log.setWriteBufferSize(
        properties, SizeInBytes.valueOf(WRITE_BUFFER_BYTES));
    RaftServerConfigKeys.Log.Appender.setBufferByteLimit(
        properties, SizeInBytes.valueOf(BATCH_BYTES));
    // A restarted follower is found again within a heartbeat, not after five seconds.
    properties.set("raft.server.log.appender.retry.policy", "10ms,5, 100ms,1000000");
    properties.set("raft.server.log.appender.snapshot.chunk.size.max", "4MB");
    properties.set("raft.grpc.server.install_snapshot.request.timeout", millis(30_000));
  }

  private static void snapshots(RaftProperties properties, RatisSettings settings) {
    properties.set("raft.server.snapshot.auto.trigger.enabled", "true");
    RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(properties, settings.snapshotEntries());
    // The newest, and one to fall back to.
    RaftServerConfigKeys.Snapshot.setRetentionFileNum(properties, 2);
  }

  private static String millis(long millis) {
    return TimeDuration.valueOf(millis, TimeUnit.MILLISECONDS).toString();
  }
}
