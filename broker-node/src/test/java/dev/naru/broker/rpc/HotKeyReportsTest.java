package dev.naru.broker.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.naru.broker.partition.PartitionTraffic;
import dev.naru.proto.v1.ErrorCode;
import dev.naru.proto.v1.KeyCount;
import dev.naru.proto.v1.KeyReport;
import dev.naru.proto.v1.ReportKeysRequest;
import dev.naru.proto.v1.ReportKeysResponse;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.util.Arrays;
import java.util.Collections;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HotKeyReportsTest {

  private static final PartitionId LED = new PartitionId(TopicId.of(1, 1), 4);

  private final HotKeyReports reports =
      new HotKeyReports(
          id -> id.equals(LED) ? Optional.of(new PartitionTraffic()) : Optional.empty(), () -> 0);

  @Test
  void takesWhatIsSureOfACount() {
    assertThat(take(of(LED).addKeys(key(7, 50, 10))).getError())
        .isEqualTo(ErrorCode.ERROR_CODE_NONE);

    assertThat(reports.of(LED))
        .singleElement()
        .satisfies(key -> {
          assertThat(key.hash()).isEqualTo(7);
          assertThat(key.share()).isEqualTo(0.4);
        });
  }

  @Test
  void dropsWhatIsLedElsewhere() {
    var other = new PartitionId(LED.topic(), 5);

    assertThat(take(of(other).addKeys(key(7, 50, 0)), of(LED).addKeys(key(8, 50, 0))).getError())
        .isEqualTo(ErrorCode.ERROR_CODE_NONE);

    assertThat(reports.of(other)).isEmpty();
    assertThat(reports.of(LED)).hasSize(1);
  }

  @Test
  void refusesWhatCannotBe() {
    assertRefused(of(LED).setRecords(-1), "Expected records >= 0, but was -1");
    assertRefused(
        of(LED).addKeys(key(7, 5, 6)),
        "Expected a count with an error of 0 to the count, but were 5 and 6");
    assertRefused(
        of(LED).addKeys(key(7, 5, -1)),
        "Expected a count with an error of 0 to the count, but were 5 and -1");
    assertRefused(
        of(LED).addKeys(key(7, 5, 0).toBuilder().setKey(ByteString.copyFrom(new byte[65]))),
        "Expected at most 64 bytes of a key, but were 65");
    assertRefused(
        of(LED).addAllKeys(Collections.nCopies(33, key(7, 5, 0))),
        "Expected at most 32 keys of a partition, but were 33");
    var many = new KeyReport.Builder[1_001];
    Arrays.fill(many, of(LED));
    assertThat(take(many).getError()).isEqualTo(ErrorCode.ERROR_CODE_LIMIT_EXCEEDED);
    assertThat(reports.of(LED)).isEmpty();
  }

  private void assertRefused(KeyReport.Builder report, String reason) {
    var response = take(of(LED).addKeys(key(9, 50, 0)), report);

    assertThat(response.getError()).isEqualTo(ErrorCode.ERROR_CODE_INVALID_REQUEST);
    assertThat(response.getErrorMessage()).isEqualTo(reason);
    assertThat(reports.of(LED)).as("nothing of it is taken").isEmpty();
  }

  private static KeyReport.Builder of(PartitionId partition) {
    return KeyReport.newBuilder()
        .setTopicId(ProtoIds.uuid(partition.topic()))
        .setPartition(partition.partition())
        .setRecords(100);
  }

  private static KeyCount key(long hash, long count, long error) {
    return KeyCount.newBuilder().setHash(hash).setCount(count).setError(error).build();
  }

  private ReportKeysResponse take(KeyReport.Builder... all) {
    var request = ReportKeysRequest.newBuilder();
    for (var report : all) {
      request.addReports(report);
    }
    return reports.take(request.build());
  }
}
