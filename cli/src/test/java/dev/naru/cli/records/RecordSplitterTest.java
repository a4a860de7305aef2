package dev.naru.cli.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.cli.CommandFailure;
import dev.naru.testing.Seeds;
import dev.naru.types.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RecordSplitterTest {

  @Test
  void splitsTheSameWhereverReadsEnd() {
    Seeds.forEach(
        300,
        (seed, random) -> {
          var delimiter = anyOf(random, "\n", "\0", "ab", "aab", "aa");
          var text = anyText(random);
          var splitter =
              new RecordSplitter(new Trickle(bytes(text), random), bytes(delimiter), 1 << 20);

          assertThat(split(splitter)).isEqualTo(expected(text, delimiter));
        });
  }

  @Test
  void keepsEmptyLinesAndALastLineWithoutLineBreak() throws IOException {
    assertThat(split(splitter("a\n\nb"))).containsExactly("a", "", "b");
    assertThat(split(splitter("a\n"))).containsExactly("a");
    assertThat(split(splitter("\n"))).containsExactly("");
    assertThat(split(splitter(""))).isEmpty();
  }

  @Test
  void refusesALineAboveTheLimitWithoutReadingAllOfIt() throws IOException {
    var endless =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }
        };
    var splitter = new RecordSplitter(endless, bytes("\n"), 1 << 20);

    assertThatThrownBy(splitter::next)
        .isInstanceOfSatisfying(
            CommandFailure.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.RECORD_TOO_LARGE))
        .hasMessageContaining("line 1");
  }

  @Test
  void namesTheLineThatIsTooLong() throws IOException {
    var splitter =
        new RecordSplitter(new ByteArrayInputStream(bytes("ab\nabcd\n")), bytes("\n"), 3);

    assertThat(splitter.next()).isPresent();
    assertThatThrownBy(splitter::next).hasMessageContaining("line 2");
  }

  private static RecordSplitter splitter(String text) {
    return new RecordSplitter(new ByteArrayInputStream(bytes(text)), bytes("\n"), 100);
  }

  private static List<String> split(RecordSplitter splitter) throws IOException {
    var records = new ArrayList<String>();
    for (var next = splitter.next(); next.isPresent(); next = splitter.next()) {
      records.add(new String(next.get(), StandardCharsets.ISO_8859_1));
      assertThat(splitter.number()).isEqualTo(records.size());
    }
    return records;
  }

  private static List<String> expected(String text, String delimiter) {
    var records = new ArrayList<String>();
    int start = 0;
    for (int at = text.indexOf(delimiter); at >= 0; at = text.indexOf(delimiter, start)) {
      records.add(text.substring(start, at));
      start = at + delimiter.length();
    }
    if (start < text.length()) {
      records.add(text.substring(start));
    }
    return records;
  }

  private static String anyText(RandomGenerator random) {
    int length = random.nextInt(4) == 0 ? random.nextInt(300_000) : random.nextInt(40);
    var text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(random.nextInt(1000) == 0 || length < 100 ? anyOf(random, "\n", "\0", "b") : "a");
    }
    return text.toString();
  }

  private static String anyOf(RandomGenerator random, String... texts) {
    return texts[random.nextInt(texts.length)];
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Gives as little as it likes. */
  private static final class Trickle extends ByteArrayInputStream {

    private final RandomGenerator random;

    Trickle(byte[] bytes, RandomGenerator random) {
      super(bytes);
      this.random = random;
    }

    @Override
    public synchronized int read(byte[] target, int offset, int length) {
      int most = random.nextBoolean() ? 3 : 10_000;
      return super.read(target, offset, Math.min(length, 1 + random.nextInt(most)));
    }
  }
}
