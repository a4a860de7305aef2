package dev.naru.client.transport;

import com.google.protobuf.ByteString;
import dev.naru.client.core.HotKeys;
import dev.naru.client.core.PartitionKeys;
import dev.naru.proto.v1.KeyCount;
import dev.naru.proto.v1.KeyReport;
import dev.naru.proto.v1.ProduceServiceGrpc;
import dev.naru.proto.v1.ReportKeysRequest;
import dev.naru.types.HostPort;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells leaders which keys are frequent. Best effort: nobody waits, and nothing is said twice. */
public final class KeyReports {

  private static final Logger LOG = LoggerFactory.getLogger(KeyReports.class);

  private static final Duration ANSWER_MAX = Duration.ofSeconds(2);

  private static final int REPORTS_MAX = 1000; // in one call; more are refused

  private final Channels channels;

  /** Tells through these channels. */
  public KeyReports(Channels channels) {
    this.channels = channels;
  }

  /** Tells the node that leads these partitions. Any thread. */
  public void send(HostPort leader, List<PartitionKeys> reports) {
    for (int from = 0; from < reports.size(); from += REPORTS_MAX) {
      var some = reports.subList(from, Math.min(from + REPORTS_MAX, reports.size()));
      var request = ReportKeysRequest.newBuilder();
      some.forEach(each -> request.addReports(report(each)));
      call(leader, request.build());
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // what became of it is said in the log
  private void call(HostPort leader, ReportKeysRequest request) {
    channels
        .call(leader, ProduceServiceGrpc.getReportKeysMethod(), request, ANSWER_MAX)
        .whenComplete((answer, failure) -> {
          if (failure != null) {
            LOG.debug("{} took no report of keys: {}", leader, failure.toString());
          }
        });
  }

  private static KeyReport report(PartitionKeys known) {
    var report =
        KeyReport.newBuilder()
            .setTopicId(Wire.uuid(known.partition().topic()))
            .setPartition(known.partition().partition())
            .setWindowMs(known.windowMillis())
            .setRecords(known.records());
    known.keys().forEach(key -> report.addKeys(count(key)));
    return report.build();
  }

  private static KeyCount count(HotKeys.Counted key) {
    var count =
        KeyCount.newBuilder().setHash(key.hash()).setCount(key.count()).setError(key.error());
    key.key().ifPresent(bytes -> count.setKey(ByteString.copyFrom(bytes)));
    return count.build();
  }
}
