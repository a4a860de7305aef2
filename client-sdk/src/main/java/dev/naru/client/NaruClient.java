package dev.naru.client;

import dev.naru.client.admin.Admin;
import dev.naru.client.consumer.Backward;
import dev.naru.client.consumer.Consumer;
import dev.naru.client.consumer.ConsumerBuilder;
import dev.naru.client.consumer.ConsumerMeans;
import dev.naru.client.consumer.PollingConsumer;
import dev.naru.client.producer.BatchingProducer;
import dev.naru.client.producer.Producer;
import dev.naru.client.producer.ProducerBuilder;
import dev.naru.client.producer.Sender;
import dev.naru.client.transport.AdminCalls;
import dev.naru.client.transport.Channels;
import dev.naru.client.transport.ClientLoop;
import dev.naru.client.transport.Coordinators;
import dev.naru.client.transport.GroupCalls;
import dev.naru.client.transport.KeyReports;
import dev.naru.client.transport.MetadataCalls;
import dev.naru.client.transport.OffsetLookup;
import dev.naru.client.transport.ProducerIds;
import dev.naru.client.transport.Router;
import dev.naru.client.transport.TopicNames;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * An application's connection to one cluster. Makes producers and consumers, which share its
 * connections, its view of the cluster and its three threads, and closes them when it is closed.
 *
 * <pre>
 * naru-net        the event loop: reads and writes sockets, takes messages apart, hands everything over
 * naru-sender     the client's loop: who leads what, what is sent next, what came of it
 * naru-callbacks  calls the callbacks and completes the futures of applications
 * </pre>
 *
 * Producers encode on the threads that call {@code send}, consumers decode on the thread that calls
 * {@code poll}.
 */
public final class NaruClient implements AutoCloseable {

  /** How long a closing client waits for callbacks; then they are left behind. */
  private static final Duration CALLBACKS_END_MAX = Duration.ofSeconds(5);

  private final ClientProperties settings;
  private final Channels channels;
  private final ExecutorService callbackThread;
  private final NamedThread callbacks = new NamedThread("naru-callbacks");
  private final ClientLoop loop;
  private final Router router;
  private final Sender sender;
  private final ConsumerMeans consumers;
  private final KeyReports keyReports;
  private final Admin admin;
  private final RandomGenerator dice = new Random(); // the one that threads may share
  private final ClientMetrics metrics = new ClientMetrics();
  private final Interceptors interceptors;
  private final Set<AutoCloseable> children = ConcurrentHashMap.newKeySet();

  private NaruClient(ClientProperties settings, List<RecordInterceptor> interceptors) {
    var config = settings.client();
    requireAddresses(config);
    requirePlaintextAllowed(config);
    this.settings = settings;
    this.interceptors = new Interceptors(interceptors, metrics);
    this.channels = new Channels(config.clientId(), new NamedThread("naru-net"));
    var loopThread = Executors.newSingleThreadScheduledExecutor(new NamedThread("naru-sender"));
    this.callbackThread = Executors.newSingleThreadExecutor(callbacks);
    this.loop = new ClientLoop(loopThread, System::nanoTime);
    var metadata = new MetadataCalls(channels);
    this.router = new Router(config, metadata, loop, dice);
    var ids = new ProducerIds(config, router, channels, loop);
    this.sender = new Sender(config, router, channels, ids, metrics, loop, dice, callbackThread);
    var offsets = new OffsetLookup(config, router, metadata, loop, dice);
    this.consumers = consumerMeans(config, metadata, offsets);
    this.keyReports = new KeyReports(channels);
    var calls = new AdminCalls(config, router, channels, loop, dice);
    this.admin = new Admin(calls, offsets, loop, callbackThread, UUID::randomUUID);
  }

  private ConsumerMeans consumerMeans(
      ClientConfig config, MetadataCalls metadata, OffsetLookup offsets) {
    var coordinators = new Coordinators(config, router, channels, loop);
    return new ConsumerMeans(
        router,
        channels,
        offsets,
        coordinators,
        new GroupCalls(config, router, channels, coordinators, loop, dice),
        new TopicNames(config, router, metadata, loop),
        metrics,
        loop,
        System::currentTimeMillis,
        dice,
        UUID::randomUUID);
  }

  private static void requireAddresses(ClientConfig config) {
    Settings.require(
        !config.bootstrapServers().isEmpty(),
        "bootstrap.servers",
        "host:port pairs separated by commas",
        "empty");
  }

  /** Records in clear over a network only if somebody wrote so. */
  private static void requirePlaintextAllowed(ClientConfig config) {
    var remote =
        config.bootstrapServers().stream().filter(address -> !isLoopback(address)).findFirst();
    if (config.security() == ClientConfig.Security.UNSET && remote.isPresent()) {
      throw new NaruException(
          ErrorCode.INVALID_CONFIG,
          "Expected security.protocol to be written out as PLAINTEXT for "
              + remote.get()
              + ", which is not loopback, because TLS is not part of this release yet",
          Map.of("setting", "security.protocol"));
    }
  }

  private static boolean isLoopback(HostPort address) {
    String host = address.host();
    return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
  }

  /** Collects settings. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * A client with settings by the names that Kafka's users know; those of producers and consumers
   * are what its builders begin with.
   *
   * @throws NaruException with {@code INVALID_CONFIG} for an unknown name or a value outside its
   *     bounds
   */
  public static NaruClient fromProperties(Properties properties) {
    return fromProperties(properties, List.of());
  }

  /** The same with interceptors, as {@link Builder#interceptor} adds them. */
  public static NaruClient fromProperties(
      Properties properties, List<RecordInterceptor> interceptors) {
    return new NaruClient(ClientProperties.of(properties), interceptors);
  }

  /** Collects the settings of a producer. */
  public <K, V> ProducerBuilder<K, V> producer(Codec<K> keyCodec, Codec<V> valueCodec) {
    return new ProducerBuilder<>(
        settings.producer(),
        (config, partitioner) -> openProducer(keyCodec, valueCodec, config, partitioner));
  }

  private <K, V> Producer<K, V> openProducer(
      Codec<K> keyCodec,
      Codec<V> valueCodec,
      ProducerConfig config,
      Optional<Partitioner> partitioner) {
    config.requireTimeFor(settings.client().requestTimeout());
    config
        .compression()
        .unsupported()
        .ifPresent(why -> {
          throw NaruException.of(why);
        });
    var producer =
        new BatchingProducer<>(
            keyCodec,
            valueCodec,
            config,
            partitioner,
            router,
            sender,
            keyReports,
            metrics,
            interceptors,
            loop,
            System::currentTimeMillis,
            dice,
            callbacks::isCurrent,
            children::remove);
    children.add(producer);
    return producer;
  }

  /** Collects the settings of a consumer. */
  public <K, V> ConsumerBuilder<K, V> consumer(Codec<K> keyCodec, Codec<V> valueCodec) {
    return new ConsumerBuilder<>(
        settings.consumer(), config -> openConsumer(keyCodec, valueCodec, config));
  }

  private <K, V> Consumer<K, V> openConsumer(
      Codec<K> keyCodec, Codec<V> valueCodec, ConsumerConfig config) {
    var consumer =
        new PollingConsumer<>(
            keyCodec,
            valueCodec,
            settings.client(),
            config,
            consumers,
            interceptors,
            children::remove);
    children.add(consumer);
    return consumer;
  }

  /**
   * Reads one partition from its end to its start, with the client's settings of consumers, and
   * outside of any group.
   */
  public <K, V> Backward<K, V> backward(
      TopicPartition partition, Codec<K> keyCodec, Codec<V> valueCodec) {
    var config = settings.consumer().outsideOfGroups(OffsetReset.EARLIEST);
    return new Backward<>(
        openConsumer(keyCodec, valueCodec, config),
        partition,
        settings.client().requestTimeout(),
        loop::nanoTime);
  }

  /** Topics, nodes and the cluster; always the same one. */
  public Admin admin() {
    return admin;
  }

  /** What the client and all that was made from it have counted; always the same one. */
  public ClientMetrics metrics() {
    return metrics;
  }

  /**
   * Closes producers, consumers and connections. Producers first send what they hold, each for at
   * most its {@code delivery.timeout.ms}.
   *
   * @throws IllegalStateException after all is closed, if one of them could not be closed in order,
   *     such as a consumer that another thread is using
   */
  @Override
  public void close() {
    Optional<RuntimeException> failure = Optional.empty();
    for (var child : children) {
      try {
        child.close();
      } catch (Exception e) { // such as a consumer that another thread uses: the rest still closes
        failure =
            Optional.of(
                new IllegalStateException("Expected " + child + " to close, but it failed", e));
        if (child instanceof PollingConsumer<?, ?> consumer) {
          consumer.abandon();
        }
      }
    }
    loop.stop(); // before the channels: its present turn may still open one
    channels.close();
    loop.close();
    sender.close();
    callbackThread.shutdown();
    awaitCallbacks();
    failure.ifPresent(e -> {
      throw e;
    });
  }

  private void awaitCallbacks() {
    try {
      if (!callbacks.isCurrent()
          && !callbackThread.awaitTermination(
              CALLBACKS_END_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        callbackThread.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Collects the settings of a client. */
  public static final class Builder {

    private List<HostPort> bootstrapServers = ClientConfig.DEFAULTS.bootstrapServers();
    private String clientId = ClientConfig.DEFAULTS.clientId();
    private ClientConfig.Security security = ClientConfig.DEFAULTS.security();
    private Duration requestTimeout = ClientConfig.DEFAULTS.requestTimeout();
    private Duration retryBackoff = ClientConfig.DEFAULTS.retryBackoff();
    private Duration retryBackoffMax = ClientConfig.DEFAULTS.retryBackoffMax();
    private Duration metadataMaxAge = ClientConfig.DEFAULTS.metadataMaxAge();
    private Duration metadataMaxIdle = ClientConfig.DEFAULTS.metadataMaxIdle();
    private long connectionInflightBytes = ClientConfig.DEFAULTS.connectionInflightBytes();
    private final List<RecordInterceptor> interceptors = new ArrayList<>();

    private Builder() {}

    /** {@code bootstrap.servers}: host:port, separated by commas. There is no default. */
    public Builder bootstrapServers(String addresses) {
      bootstrapServers = PropertyValues.addresses("bootstrap.servers", addresses);
      return this;
    }

    /** {@code client.id}: a name of the application for the cluster's logs; none by default. */
    public Builder clientId(String value) {
      clientId = value;
      return this;
    }

    /** {@code security.protocol=PLAINTEXT}, which off loopback must be said. */
    public Builder plaintext() {
      security = ClientConfig.Security.PLAINTEXT;
      return this;
    }

    /** {@code request.timeout.ms}: how long one request may take; 30 s by default. */
    public Builder requestTimeout(Duration value) {
      requestTimeout = value;
      return this;
    }

    /**
     * {@code retry.backoff.ms} and {@code retry.backoff.max.ms}: the wait before the first retry,
     * 20 ms by default, which doubles up to the other, 100 ms.
     */
    public Builder retryBackoff(Duration first, Duration most) {
      retryBackoff = first;
      retryBackoffMax = most;
      return this;
    }

    /** {@code metadata.max.age.ms}: age at which metadata is refreshed; 5 minutes by default. */
    public Builder metadataMaxAge(Duration value) {
      metadataMaxAge = value;
      return this;
    }

    /**
     * {@code metadata.max.idle.ms}: when a topic that nobody uses leaves the cache; 5 minutes by
     * default, at least 5 s.
     */
    public Builder metadataMaxIdle(Duration value) {
      metadataMaxIdle = value;
      return this;
    }

    /**
     * {@code connection.inflight.bytes}: most bytes of unanswered batches on the way to one node;
     * 32 MiB by default.
     */
    public Builder connectionInflightBytes(long bytes) {
      connectionInflightBytes = bytes;
      return this;
    }

    /** Shows every record to this one on its way, after those before; 16 at most. */
    public Builder interceptor(RecordInterceptor value) {
      interceptors.add(value);
      return this;
    }

    /**
     * Makes the client. It connects when it is first used.
     *
     * @throws NaruException with {@code INVALID_CONFIG} for a value outside its bounds
     */
    public NaruClient build() {
      var config =
          new ClientConfig(
              bootstrapServers,
              clientId,
              security,
              requestTimeout,
              retryBackoff,
              retryBackoffMax,
              metadataMaxAge,
              metadataMaxIdle,
              connectionInflightBytes);
      return new NaruClient(ClientProperties.DEFAULTS.withClient(config), interceptors);
    }
  }

  /**
   * Makes the one thread of a name, and knows it again. A daemon: a client that was not closed does
   * not keep a process alive.
   */
  private static final class NamedThread implements ThreadFactory {

    private final String name;
    private volatile @Nullable Thread made; // written by the executor, read by those who ask

    NamedThread(String name) {
      this.name = name;
    }

    @Override
    public Thread newThread(Runnable task) {
      var thread = new Thread(task, name);
      thread.setDaemon(true);
      made = thread;
      return thread;
    }

    boolean isCurrent() {
      return Thread.currentThread().equals(made);
    }
  }
}
