package dev.naru.broker.coordinator;

import dev.naru.record.BatchBytes;
import dev.naru.record.BatchRefusedException;
import dev.naru.record.InflationLimit;
import dev.naru.record.RecordReader;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.List;

/** Batches of the log of groups, read back. For any thread. */
public final class GroupLogPage {

  private GroupLogPage() {}

  /**
   * What these batches say.
   *
   * @throws UnreadableGroupException if this release does not know
   */
  public static List<GroupChange> read(BatchBytes batches, GroupLogFormat format) {
    var changes = new ArrayList<GroupChange>();
    try {
      for (var batch : batches.batches()) {
        var reader = RecordReader.open(batch, InflationLimit.DEFAULT);
        while (reader.hasNext()) {
          var read = reader.next();
          var key = read.key().orElseThrow(() -> withoutKey(read.offset()));
          format.decode(new GroupLogFormat.Entry(key, read.value())).ifPresent(changes::add);
        }
      }
    } catch (BatchRefusedException refused) {
      throw new UnreadableGroupException(refused.refused());
    }
    return changes;
  }

  private static UnreadableGroupException withoutKey(long offset) {
    return new UnreadableGroupException(
        new Refused(
            ErrorCode.CORRUPT_LOG,
            "Expected every record of the log of groups to have a key, but that at %d has none"
                .formatted(offset)));
  }
}
