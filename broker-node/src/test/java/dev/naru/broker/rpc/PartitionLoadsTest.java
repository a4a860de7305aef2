package dev.naru.broker.rpc;

import static com.google.protobuf.ByteString.copyFromUtf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.naru.broker.flow.PartitionLoad;
import dev.naru.broker.flow.Rate;
import dev.naru.broker.partition.PartitionTraffic;
import dev.naru.broker.replica.LedCluster;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.log.QuorumView;
import dev.naru.proto.admin.v1.HotKey;
import dev.naru.proto.admin.v1.ListPartitionLoadsRequest;
import dev.naru.proto.v1.KeyCount;
import dev.naru.proto.v1.KeyReport;
import dev.naru.proto.v1.ReportKeysRequest;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PartitionLoadsTest {

  private static final QuorumView QUORUM =
      new QuorumView(QuorumView.Role.VOTER, 1, Optional.empty(), List.of(), List.of(), 1);

  private final ClusterImage image = LedCluster.of(1, 5, 1);
  private final List<PartitionLoad> loads = new ArrayList<>();
  private final HotKeyReports hotKeys =
      new HotKeyReports(id -> Optional.of(new PartitionTraffic()), () -> 0);
  private final PartitionLoads service =
      new PartitionLoads(() -> new ClusterSnapshot(image, 7, QUORUM, 0), () -> loads, hotKeys);

  PartitionLoadsTest() {
    image.partitionIds().forEach(id -> loads.addFirst(load(id, 10 * id.partition())));
    loads.add(load(new PartitionId(TopicId.of(9, 9), 0), 0)); // of a topic that was deleted
  }

  private static PartitionLoad load(PartitionId id, int bytes) {
    return new PartitionLoad(id, Rate.ZERO, new Rate(bytes, 1), new Rate(bytes / 2.0, 2));
  }

  @Test
  void tellsOfEachPartitionPageByPage() {
    var seen = new ArrayList<Integer>();
    var token = "";
    int pages = 0;
    do {
      var page =
          service.list(
              ListPartitionLoadsRequest.newBuilder().setPageSize(2).setPageToken(token).build());
      page.getLoadsList().forEach(load -> seen.add(load.getPartition()));
      token = page.getNextPageToken();
      pages++;
    } while (!token.isEmpty());

    assertThat(seen).containsExactly(4, 3, 2, 1, 0);
    assertThat(pages).isEqualTo(3);
  }

  @Test
  void namesTopicsAndRates() {
    var load = service.list(ListPartitionLoadsRequest.getDefaultInstance()).getLoads(0);

    assertThat(load.getTopic()).isEqualTo("topics/t");
    assertThat(load.getMinute().getBytesPerSecond()).isEqualTo(40);
    assertThat(load.getFiveMinutes().getBytesPerSecond()).isEqualTo(20);
    assertThat(load.getFiveMinutes().getRecordsPerSecond()).isEqualTo(2);
  }

  @Test
  void namesKeysThatManyRecordsHave() {
    var id = image.partitionIds().toList().getLast();
    var report =
        KeyReport.newBuilder()
            .setTopicId(ProtoIds.uuid(id.topic()))
            .setPartition(id.partition())
            .setRecords(100)
            .addKeys(KeyCount.newBuilder().setHash(7).setCount(80))
            .addKeys(KeyCount.newBuilder().setHash(8).setCount(10).setKey(copyFromUtf8("k")));
    var _ = hotKeys.take(ReportKeysRequest.newBuilder().addReports(report).build());

    var response = service.list(ListPartitionLoadsRequest.getDefaultInstance());

    assertThat(response.getLoads(0).getHotKeysList())
        .containsExactly(
            HotKey.newBuilder().setHash(7).setShare(0.8).build(),
            HotKey.newBuilder().setHash(8).setShare(0.1).setKey(copyFromUtf8("k")).build());
    assertThat(response.getLoads(1).getHotKeysList()).isEmpty();
  }

  @Test
  void refusesATopicThatIsNotThereAndTokensOfOthers() {
    assertThat(refusal("topics/u", "")).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(refusal("t", "")).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refusal("topics/t", "!")).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refusal("topics/t", Paging.token("-1"))).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refusal("topics/t", Paging.token("t"))).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  private Status.Code refusal(String topic, String token) {
    var request =
        ListPartitionLoadsRequest.newBuilder().setTopic(topic).setPageToken(token).build();
    return Status.fromThrowable(catchThrowable(() -> service.list(request))).getCode();
  }
}
