package dev.naru.chaos.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.chaos.fault.ScrubberPath.Closed;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScrubberPathTest {

  private static final int MIB = 1 << 20;

  @TempDir Path directory;

  private static PartitionId partition(int number) {
    return new PartitionId(TopicId.of(1, 2), number);
  }

  /** Of a MiB and a hundred records each. */
  private static Stream<Closed> segments(int partition, int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> new Closed(partition(partition), 100L * i, MIB, Path.of(partition + "-" + i)));
  }

  private static List<Integer> places(ScrubberPath path) {
    var dice = new Random(7);
    return IntStream.range(0, 500)
        .mapToObj(i -> path.soonRead(dice))
        .map(path.segments()::indexOf)
        .distinct()
        .sorted()
        .toList();
  }

  @Test
  void takesOneThatTheScrubberCannotHavePassed() {
    var segments = segments(0, 300).toList();
    var noted = new Closed(partition(0), 1_000, 0, Path.of("noted")); // ten are read

    var places = places(new ScrubberPath(segments, Optional.of(noted)));

    assertThat(places).containsExactlyElementsOf(IntStream.range(74, 90).boxed().toList());
  }

  @Test
  void beginsAgainAfterTheLast() {
    var segments = Stream.concat(segments(0, 5), segments(1, 5)).toList();

    assertThat(places(new ScrubberPath(segments, Optional.empty())))
        .containsExactlyElementsOf(IntStream.range(0, 10).boxed().toList());
  }

  @Test
  void takesNoneOfASparedPartition() {
    var segments = Stream.concat(segments(0, 5), segments(1, 5)).toList();
    var path = new ScrubberPath(segments, Optional.empty());

    var rest = path.without(partition(0)::equals);

    assertThat(rest.segments()).containsExactlyElementsOf(segments(1, 5).toList());
    assertThat(path.without(_ -> true).isEmpty()).isTrue();
  }

  @Test
  void readsPartitionsByNumberAndWhatTheScrubberHasNoted() throws IOException {
    for (int number : new int[] {10, 9}) {
      var log = Files.createDirectory(directory.resolve(partition(number).toString()));
      for (int i = 0; i < 3; i++) {
        Files.createFile(log.resolve("%020d.log".formatted(100L * i)));
      }
    }
    Files.writeString(
        directory.resolve("scrub-progress"),
        "naru scrub-progress 1\n" + partition(9) + " 100\ncrc32c 00000000\n");

    var path = ScrubberPath.of(directory);

    assertThat(path.segments())
        .extracting(Closed::partition)
        .containsExactly(partition(9), partition(10));
    assertThat(path.noted()).map(Closed::base).contains(100L);
  }

  @Test
  void aPassThatHasJustEndedHasNotedNothing() throws IOException {
    Files.writeString(
        directory.resolve("scrub-progress"), "naru scrub-progress 1\ncrc32c cc05978b\n");

    assertThat(ScrubberPath.of(directory).noted()).isEmpty();
  }
}
