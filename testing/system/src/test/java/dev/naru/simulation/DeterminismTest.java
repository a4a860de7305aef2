package dev.naru.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The same seed is the same run, event by event: or no failure could be replayed. */
class DeterminismTest {

  private static final int SEEDS = 10;

  private static final List<String> HASHES = TraceHashes.of(SEEDS);

  @Test
  void theSameSeedGivesTheSameTraceTwice() {
    assertThat(TraceHashes.of(SEEDS)).isEqualTo(HASHES);
  }

  @Test
  void differentSeedsGiveDifferentTraces() {
    assertThat(HASHES).doesNotHaveDuplicates();
  }

  @Test
  void theSameSeedGivesTheSameTraceInAnotherMachineOfAnotherKind() throws Exception {
    assertThat(hashesOfAnotherJvm()).isEqualTo(HASHES);
  }

  private static List<String> hashesOfAnotherJvm() throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:ActiveProcessorCount=1",
            "-XX:+UnlockExperimentalVMOptions",
            "-XX:hashCode=2", // identity hashes are all the same
            "-Duser.timezone=Asia/Kathmandu",
            "-Duser.language=tr",
            "-cp",
            System.getProperty("java.class.path"),
            TraceHashes.class.getName(),
            Integer.toString(SEEDS)));
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return output.lines().toList();
  }

  /** Prints what the first seeds come to; runs in a JVM of its own, too. */
  static final class TraceHashes {

    private TraceHashes() {}

    static List<String> of(int seeds) {
      return LongStream.rangeClosed(1, seeds)
          .mapToObj(TraceHashes::scenario)
          .map(scenario -> Simulation.run(scenario, Rules.PRODUCT).hash())
          .map(Long::toHexString)
          .toList();
    }

    private static Scenario scenario(long seed) {
      var plain = Scenario.of(seed);
      return switch ((int) (seed % 6)) {
        case 0 -> plain.retaining();
        case 1 -> plain.compacting();
        case 2 -> plain.losing();
        case 3 -> plain.grouped();
        case 4 -> plain.moving();
        default -> plain;
      };
    }

    public static void main(String[] arguments) {
      of(Integer.parseInt(arguments[0])).forEach(System.out::println);
    }
  }
}
