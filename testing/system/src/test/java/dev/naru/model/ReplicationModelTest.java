package dev.naru.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.testing.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The replication rules as a model, {@code docs/spec}: the rules hold in every state that can be
 * reached, and a model whose rules are weakened does not, or the model would prove nothing.
 */
@Tag("model")
class ReplicationModelTest {

  private static final Path SPEC =
      Repository.of(ReplicationModelTest.class).root().resolve("docs/spec");
  private static final boolean ALSO_LARGE = "large".equals(System.getProperty("model.bounds"));
  private static final int WORKERS = 2;

  private final Tlc tlc =
      new Tlc(SPEC.resolve("Replication.tla"), Path.of("target", "model").toAbsolutePath());

  /** All bounds at their largest at once would take hours. */
  enum Bounds {
    /** Power cuts. */
    CRASHES("VersionMax = 2, CrashMax = 1", true),
    /** Power cuts, with a single record. */
    CRASHES_SMALL("VersionMax = 2, CrashMax = 1, LogMax = 1, RecordMax = 1", false),
    /** Every leader epoch can follow on another change of the ISR. */
    COMMANDS("VersionMax = 3, CrashMax = 0", true),
    /** The same with a single record. */
    COMMANDS_SMALL("VersionMax = 3, CrashMax = 0, LogMax = 1, RecordMax = 1", false),
    /** Nothing is done in one that is done in steps. */
    STEPS("EachStep = TRUE, LogMax = 1, RecordMax = 1", false);

    private final String constants;
    private final boolean isLarge;

    Bounds(String constants, boolean isLarge) {
      this.constants = constants;
      this.isLarge = isLarge;
    }
  }

  static Stream<Bounds> bounds() {
    return Arrays.stream(Bounds.values()).filter(bounds -> ALSO_LARGE || !bounds.isLarge);
  }

  @ParameterizedTest
  @MethodSource("bounds")
  void theRulesHoldInEveryState(Bounds bounds) throws Exception {
    var verdict = tlc.check(bounds.name(), Tlc.with(rules(), bounds.constants), WORKERS);

    System.out.println(bounds + " " + verdict);
    assertThat(verdict.violated()).isEmpty();
    assertThat(verdict.passed()).isTrue();
  }

  /** One worker, so that the shortest way and the first invariant are always the same. */
  @ParameterizedTest
  @EnumSource
  void aWeakenedRuleIsConvicted(WeakenedRule weak) throws Exception {
    var verdict = tlc.check(weak.inModel(), weak.in(rules()), 1);

    System.out.println(weak.inModel() + " " + verdict);
    assertThat(verdict.violated()).contains(weak.violates());
  }

  private static String rules() throws IOException {
    return Files.readString(SPEC.resolve("Replication.cfg"));
  }
}
