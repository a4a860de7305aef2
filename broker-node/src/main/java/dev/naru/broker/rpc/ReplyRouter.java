package dev.naru.broker.rpc;

import dev.naru.broker.partition.FetchKey;
import dev.naru.broker.partition.Replies;
import dev.naru.broker.replica.KnownLeader;
import dev.naru.broker.replica.ProduceKey;
import dev.naru.proto.v1.ProduceResult;
import dev.naru.types.Refused;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Brings answers of partitions to the streams that wait for them. Partitions exist before the
 * services do; until these are set nobody can have asked.
 */
public final class ReplyRouter implements Replies {

  /** Set once, before the first request; read by loops. */
  private volatile @Nullable ProduceService produce;

  private volatile @Nullable FetchService fetch;

  /** From now on answers go to these. */
  public void route(ProduceService produceService, FetchService fetchService) {
    produce = produceService;
    fetch = fetchService;
  }

  @Override
  public void produced(ProduceKey key, long firstOffset, OptionalLong appendMillis) {
    var service = produce;
    if (service != null) {
      var result = ProduceResult.newBuilder().setBaseOffset(firstOffset);
      appendMillis.ifPresent(result::setLogAppendTimeMs);
      service.produced(key, result);
    }
  }

  @Override
  public void refused(
      ProduceKey key, Refused why, Appended appended, Optional<KnownLeader> leader) {
    var service = produce;
    if (service != null) {
      service.refused(key, why, appended, leader);
    }
  }

  @Override
  public void fetchReady(FetchKey key) {
    var service = fetch;
    if (service != null) {
      service.fetchReady(key);
    }
  }
}
