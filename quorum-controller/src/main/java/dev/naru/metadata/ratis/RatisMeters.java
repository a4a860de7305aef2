package dev.naru.metadata.ratis;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.ratis.metrics.MetricRegistries;
import org.apache.ratis.metrics.MetricRegistryInfo;
import org.apache.ratis.metrics.RatisMetricRegistry;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.util.TimeDuration;

/**
 * Ratis' metrics, counted in Micrometer. Ratis finds this class as a service and makes one for the
 * whole process; a test may run several nodes in one. So each node binds its meter registry under
 * its member id, which Ratis gives as the prefix of what it counts; without one, nothing is kept.
 */
public final class RatisMeters extends MetricRegistries {

  private static final Map<String, MeterRegistry> BOUND = new ConcurrentHashMap<>();

  private final Map<MetricRegistryInfo, BridgedRegistry> registries = new ConcurrentHashMap<>();

  static void bind(String peer, UUID cluster, MeterRegistry meters) {
    BOUND.put(memberId(peer, cluster), meters);
  }

  static void unbind(String peer, UUID cluster) {
    BOUND.remove(memberId(peer, cluster));
  }

  private static String memberId(String peer, UUID cluster) {
    return RaftGroupMemberId.valueOf(RaftPeerId.valueOf(peer), RaftGroupId.valueOf(cluster))
        .toString();
  }

  @Override
  public RatisMetricRegistry create(MetricRegistryInfo info) {
    return registries.computeIfAbsent(
        info,
        added -> new BridgedRegistry(added, Optional.ofNullable(BOUND.get(added.getPrefix()))));
  }

  @Override
  public boolean remove(MetricRegistryInfo info) {
    var removed = registries.remove(info);
    if (removed != null) {
      removed.close();
    }
    return removed != null;
  }

  @Override
  public void clear() {
    List.copyOf(registries.keySet()).forEach(this::remove);
  }

  @Override
  public Optional<RatisMetricRegistry> get(MetricRegistryInfo info) {
    return Optional.ofNullable(registries.get(info));
  }

  @Override
  public Set<MetricRegistryInfo> getMetricRegistryInfos() {
    return registries.keySet();
  }

  @Override
  public Collection<RatisMetricRegistry> getMetricRegistries() {
    return List.copyOf(registries.values());
  }

  /** Ratis' own reporters are not offered. */
  @Override
  public void addReporterRegistration(
      Consumer<RatisMetricRegistry> reporter, Consumer<RatisMetricRegistry> stop) {}

  @Override
  public void enableJmxReporter() {}

  @Override
  public void enableConsoleReporter(TimeDuration rate) {}
}
