package dev.naru.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.cli.ExitStatus;
import dev.naru.cli.output.Notes;
import dev.naru.client.NaruException;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.LeaderElection;
import dev.naru.types.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** A plan is carried out only if those lead that were to. */
class PlanApplicationTest {

  private final NaruException fenced =
      new NaruException(ErrorCode.INELIGIBLE_REPLICA, "Expected node 4 to serve, but it is FENCED");

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final Notes notes = new Notes(new PrintStream(said, true, StandardCharsets.UTF_8));

  @Test
  void isDoneIfAllLeadThatWereTo() {
    assertThat(PlanApplication.elected(List.of(led(0), led(1)), notes)).isEqualTo(ExitStatus.DONE);
    assertThat(said()).isEmpty();
  }

  @Test
  void failsIfOneDoesNotAndSaysWhichAndWhyAndWhatToDo() {
    notes.beQuiet();

    int status =
        PlanApplication.elected(
            List.of(led(0), notLed(1, OptionalInt.of(2)), notLed(3, OptionalInt.empty())), notes);

    assertThat(status).isEqualTo(ExitStatus.FAILED);
    assertThat(said().lines())
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).contains("Expected node 4 to serve"));
    assertThat(said())
        .contains("orders/1: ", "node 2 does", "naru partitions elect orders/1")
        .contains("orders/3: ", "nobody does")
        .doesNotContain("orders/0");
  }

  private String said() {
    return said.toString(StandardCharsets.UTF_8);
  }

  private static LeaderElection led(int partition) {
    return new LeaderElection(
        new TopicPartition("orders", partition),
        OptionalInt.of(2),
        OptionalInt.of(4),
        Optional.empty());
  }

  private LeaderElection notLed(int partition, OptionalInt leader) {
    return new LeaderElection(
        new TopicPartition("orders", partition), leader, leader, Optional.of(fenced));
  }
}
