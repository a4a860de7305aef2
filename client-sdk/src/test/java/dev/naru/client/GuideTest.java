package dev.naru.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.testing.Repository;
import dev.naru.types.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the guide says of settings is all there is. */
class GuideTest {

  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z0-9.]+)` \\|");

  @Test
  void hasARowForEachSettingOfAProducer() throws IOException {
    assertThat(rowsOf("produce.md"))
        .containsExactlyInAnyOrderElementsOf(
            declaredBy(ClientConfig.class, ProducerConfig.class, CompressionLevels.class));
  }

  @Test
  void hasARowForEachSettingOfAConsumer() throws IOException {
    assertThat(rowsOf("consume.md"))
        .containsExactlyInAnyOrderElementsOf(declaredBy(ConsumerConfig.class, GroupConfig.class));
  }

  private static List<String> rowsOf(String name) throws IOException {
    var page = Repository.of(GuideTest.class).root().resolve("docs/guide").resolve(name);
    return ROW.matcher(Files.readString(page)).results().map(row -> row.group(1)).toList();
  }

  private static List<String> declaredBy(Class<?>... settings) {
    return Stream.of(settings)
        .flatMap(type -> Stream.of(type.getRecordComponents()))
        .flatMap(component -> Stream.ofNullable(component.getAnnotation(Setting.class)))
        .map(Setting::key)
        .toList();
  }
}
