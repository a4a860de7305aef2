package dev.naru.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.types.LeaderEpoch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class RecordBatchPageTest {

  private static final Path PAGE = Path.of("..", "docs", "formats", "record-batch.md");
  private static final Pattern LINE =
      Pattern.compile("(?<at>[0-9a-f]{2})  (?<bytes>[0-9a-f]{2}( [0-9a-f]{2})*)  .*");

  @Test
  void showsABatchAsItIsBuilt() throws IOException {
    var builder = new BatchBuilder(1_000);
    builder.append(
        1_700_000_000_000L,
        "ferry".getBytes(UTF_8),
        "leaves".getBytes(UTF_8),
        List.of(
            RecordHeader.of("pier", ByteBuffer.wrap("3".getBytes(UTF_8))),
            RecordHeader.withoutValue("late")));
    builder.append(1_700_000_000_250L, null, new byte[0], List.of());
    var batch = builder.build(Compression.NONE);
    batch.stamp(41, new LeaderEpoch(7));

    assertThat(onThePage()).isEqualTo(batch.asByteBuffer());
  }

  private static ByteBuffer onThePage() throws IOException {
    var bytes = ByteBuffer.allocate(1_000);
    for (var line : Files.readAllLines(PAGE)) {
      var matcher = LINE.matcher(line);
      if (matcher.matches()) {
        assertThat(bytes.position()).as(line).isEqualTo(Integer.parseInt(matcher.group("at"), 16));
        bytes.put(HexFormat.ofDelimiter(" ").parseHex(matcher.group("bytes")));
      }
    }
    return bytes.flip();
  }
}
