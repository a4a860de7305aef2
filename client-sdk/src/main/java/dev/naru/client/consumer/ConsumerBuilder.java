package dev.naru.client.consumer;

import dev.naru.client.AssignmentStrategy;
import dev.naru.client.ConsumerConfig;
import dev.naru.client.GroupConfig;
import dev.naru.client.GroupProtocol;
import dev.naru.client.IsolationLevel;
import dev.naru.client.OffsetReset;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Collects the settings of one consumer; begins with those of the client it comes from. */
public final class ConsumerBuilder<K, V> {

  private final Function<ConsumerConfig, Consumer<K, V>> factory;
  private OffsetReset autoOffsetReset;
  private int fetchMinBytes;
  private int fetchMaxBytes;
  private Duration fetchMaxWait;
  private int maxPartitionFetchBytes;
  private int maxPollRecords;
  private IsolationLevel isolation;
  private boolean checksCrcs;
  private Duration apiTimeout;
  private Optional<String> rack;
  private Optional<String> groupId;
  private GroupProtocol protocol;
  private Optional<String> instanceId;
  private Optional<String> remoteAssignor;
  private List<AssignmentStrategy> strategies;
  private Duration sessionTimeout;
  private Duration heartbeatInterval;
  private Duration maxPollInterval;
  private boolean autoCommit;
  private Duration autoCommitInterval;

  /** Begins with these settings; applications call {@code NaruClient.consumer}. */
  public ConsumerBuilder(ConsumerConfig config, Function<ConsumerConfig, Consumer<K, V>> factory) {
    this.factory = factory;
    this.autoOffsetReset = config.autoOffsetReset();
    this.fetchMinBytes = config.fetchMinBytes();
    this.fetchMaxBytes = config.fetchMaxBytes();
    this.fetchMaxWait = config.fetchMaxWait();
    this.maxPartitionFetchBytes = config.maxPartitionFetchBytes();
    this.maxPollRecords = config.maxPollRecords();
    this.isolation = config.isolation();
    this.checksCrcs = config.checksCrcs();
    this.apiTimeout = config.apiTimeout();
    this.rack = config.rack();
    this.groupId = config.group().groupId();
    this.protocol = config.group().protocol();
    this.instanceId = config.group().instanceId();
    this.remoteAssignor = config.group().remoteAssignor();
    this.strategies = config.group().strategies();
    this.sessionTimeout = config.group().sessionTimeout();
    this.heartbeatInterval = config.group().heartbeatInterval();
    this.maxPollInterval = config.group().maxPollInterval();
    this.autoCommit = config.group().autoCommit();
    this.autoCommitInterval = config.group().autoCommitInterval();
  }

  /** {@code auto.offset.reset}: where reading begins without a position; latest by default. */
  public ConsumerBuilder<K, V> autoOffsetReset(OffsetReset value) {
    autoOffsetReset = value;
    return this;
  }

  /** {@code fetch.min.bytes}: a node answers once it has so many; 1 by default. */
  public ConsumerBuilder<K, V> fetchMinBytes(int bytes) {
    fetchMinBytes = bytes;
    return this;
  }

  /**
   * {@code fetch.max.bytes}: most bytes of one answer, 50 MiB by default; the consumer holds at
   * most twice as many.
   */
  public ConsumerBuilder<K, V> fetchMaxBytes(int bytes) {
    fetchMaxBytes = bytes;
    return this;
  }

  /**
   * {@code fetch.max.wait.ms}: how long a node waits for {@code fetch.min.bytes}; 500 ms by
   * default, at most a minute.
   */
  public ConsumerBuilder<K, V> fetchMaxWait(Duration value) {
    fetchMaxWait = value;
    return this;
  }

  /**
   * {@code max.partition.fetch.bytes}: most bytes of one partition in one answer, 1 MiB by default;
   * its first batch comes whole.
   */
  public ConsumerBuilder<K, V> maxPartitionFetchBytes(int bytes) {
    maxPartitionFetchBytes = bytes;
    return this;
  }

  /** {@code max.poll.records}: most records that one poll returns; 500 by default. */
  public ConsumerBuilder<K, V> maxPollRecords(int records) {
    maxPollRecords = records;
    return this;
  }

  /**
   * {@code isolation.level}: which records of transactions are read; read_uncommitted by default.
   * There are no transactions yet, so both read everything.
   */
  public ConsumerBuilder<K, V> isolation(IsolationLevel value) {
    isolation = value;
    return this;
  }

  /**
   * {@code check.crcs}: whether checksums are compared before records are read; true by default.
   */
  public ConsumerBuilder<K, V> checkCrcs(boolean value) {
    checksCrcs = value;
    return this;
  }

  /**
   * {@code default.api.timeout.ms}: how long commits and questions for committed positions wait; 60
   * s by default.
   */
  public ConsumerBuilder<K, V> apiTimeout(Duration value) {
    apiTimeout = value;
    return this;
  }

  /** {@code client.rack}: the rack of this process; none by default. */
  public ConsumerBuilder<K, V> rack(String value) {
    rack = Optional.of(value);
    return this;
  }

  /** {@code group.id}: the group to subscribe and commit in; none by default. */
  public ConsumerBuilder<K, V> groupId(String value) {
    groupId = Optional.of(value);
    return this;
  }

  /** {@code group.protocol}: who assigns partitions; native, the cluster, by default. */
  public ConsumerBuilder<K, V> groupProtocol(GroupProtocol value) {
    protocol = value;
    return this;
  }

  /**
   * {@code group.instance.id}: a name that no other living member has, under which a restarted
   * process comes back to the partitions that it had; none by default.
   */
  public ConsumerBuilder<K, V> groupInstanceId(String value) {
    instanceId = Optional.of(value);
    return this;
  }

  /**
   * {@code group.remote.assignor}: what the cluster assigns by with the native protocol, such as
   * {@code sticky}; its default by default.
   */
  public ConsumerBuilder<K, V> groupRemoteAssignor(String value) {
    remoteAssignor = Optional.of(value);
    return this;
  }

  /**
   * {@code partition.assignment.strategy}: what a member assigns by with the classic protocol, the
   * preferred one first; range by default.
   */
  public ConsumerBuilder<K, V> assignmentStrategies(AssignmentStrategy... values) {
    strategies = List.of(values);
    return this;
  }

  /**
   * {@code session.timeout.ms}: a member that is not heard for so long is out of its group; 45 s by
   * default, 6 s to 30 minutes.
   */
  public ConsumerBuilder<K, V> sessionTimeout(Duration value) {
    sessionTimeout = value;
    return this;
  }

  /**
   * {@code heartbeat.interval.ms}: how often a member shows that it lives; 3 s by default, at most
   * a third of the session.
   */
  public ConsumerBuilder<K, V> heartbeatInterval(Duration value) {
    heartbeatInterval = value;
    return this;
  }

  /**
   * {@code max.poll.interval.ms}: a member that does not poll for so long leaves its group until it
   * does; 5 minutes by default.
   */
  public ConsumerBuilder<K, V> maxPollInterval(Duration value) {
    maxPollInterval = value;
    return this;
  }

  /**
   * {@code enable.auto.commit}: whether polls commit what earlier polls have returned; true by
   * default.
   */
  public ConsumerBuilder<K, V> autoCommit(boolean value) {
    autoCommit = value;
    return this;
  }

  /** {@code auto.commit.interval.ms}: time between two of these commits; 5 s by default. */
  public ConsumerBuilder<K, V> autoCommitInterval(Duration value) {
    autoCommitInterval = value;
    return this;
  }

  /**
   * Makes the consumer.
   *
   * @throws dev.naru.client.NaruException with {@code INVALID_CONFIG} for a value outside its
   *     bounds
   */
  public Consumer<K, V> build() {
    return factory.apply(
        new ConsumerConfig(
            autoOffsetReset,
            fetchMinBytes,
            fetchMaxBytes,
            fetchMaxWait,
            maxPartitionFetchBytes,
            maxPollRecords,
            isolation,
            checksCrcs,
            apiTimeout,
            rack,
            group()));
  }

  private GroupConfig group() {
    return new GroupConfig(
        groupId,
        protocol,
        instanceId,
        remoteAssignor,
        strategies,
        sessionTimeout,
        heartbeatInterval,
        maxPollInterval,
        autoCommit,
        autoCommitInterval);
  }
}
