package dev.naru.broker.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.naru.broker.flow.PartitionLoad;
import dev.naru.broker.flow.Rate;
import dev.naru.broker.replica.LedCluster;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.log.QuorumView;
import dev.naru.proto.admin.v1.ListPartitionLoadsRequest;
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
  private final PartitionLoads service =
      new PartitionLoads(() -> new ClusterSnapshot(image, 7, QUORUM, 0), () -> loads);

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
