package dev.naru.metadata.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.UUID;
import org.apache.ratis.metrics.MetricRegistries;
import org.apache.ratis.metrics.MetricRegistryInfo;
import org.junit.jupiter.api.Test;

class RatisMetersTest {

  private static final UUID CLUSTER = new UUID(1, 77);
  private static final String MEMBER = "1@group-00000000004D";

  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final RatisMeters registries = new RatisMeters();

  @Test
  void isTheOneThatRatisFinds() {
    assertThat(MetricRegistries.global()).isInstanceOf(RatisMeters.class);
  }

  @Test
  void keepsWhatIsNamedAndNothingElse() {
    RatisMeters.bind("1", CLUSTER, meters);
    var log = registries.create(info(MEMBER, "log_worker"));
    var election = registries.create(info(MEMBER, "leader_election"));
    var server = registries.create(info(MEMBER, "server"));

    log.timer("syncTime").time().stop();
    election.counter("electionCount").inc();
    server.gauge("numPendingRequestInQueue", () -> () -> 7);
    log.timer("flushTime").time().stop();
    server.gauge("2_peerCommitIndex", () -> () -> 7L);
    log.counter("cacheHitCount").inc();

    assertThat(meters.getMeters().stream().map(Meter::getId).map(Meter.Id::getName))
        .containsExactlyInAnyOrder(
            "naru_raft_sync_seconds", "naru_raft_elections_total", "naru_raft_requests_pending");
    assertThat(meters.get("naru_raft_sync_seconds").timer().count()).isEqualTo(1);
    assertThat(meters.get("naru_raft_elections_total").counter().count()).isEqualTo(1);
    assertThat(meters.get("naru_raft_requests_pending").gauge().value()).isEqualTo(7);
    assertThat(log.counter("cacheHitCount").getCount()).isZero();

    registries.remove(info(MEMBER, "server"));
    assertThat(meters.find("naru_raft_requests_pending").gauge()).isNull();
    RatisMeters.unbind("1", CLUSTER);
  }

  @Test
  void countsForNobodyWhereNobodyAsked() {
    var log = registries.create(info("2@group-00000000004D", "log_worker"));

    log.timer("syncTime").time().stop();

    assertThat(meters.getMeters()).isEmpty();
  }

  private static MetricRegistryInfo info(String prefix, String component) {
    return new MetricRegistryInfo(prefix, "ratis", component, "");
  }
}
