package dev.naru.testing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldenTest {

  @TempDir Path folder;

  @Test
  void acceptsWhatItWroteAndNothingElse() {
    new Golden(folder, true).assertText("a/trace.txt", "one\n");

    var golden = new Golden(folder, false);
    golden.assertText("a/trace.txt", "one\n");
    assertThatThrownBy(() -> golden.assertText("a/trace.txt", "two\n"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("-Dgolden.rewrite accepts the change")
        .hasMessageContaining("--- actual\ntwo");
  }

  @Test
  void refusesWhatNobodyHasSeen() {
    assertThatThrownBy(() -> new Golden(folder, false).assertText("trace.txt", "one\n"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("there is none; write it with -Dgolden.rewrite");
  }

  @Test
  void keepsBytesAsTextThatCanBeReviewed() {
    Golden.of(GoldenTest.class).assertBytes("bytes.hex", bytes(40));
  }

  private static byte[] bytes(int count) {
    var bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (i * 7);
    }
    return bytes;
  }
}
