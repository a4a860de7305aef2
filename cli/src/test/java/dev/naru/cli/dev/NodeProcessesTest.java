package dev.naru.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.cli.dev.ProcessTable.Running;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NodeProcessesTest {

  private static final Path CONFIG = Path.of("/data/dev/node-1/node.yaml");
  private static final Instant STARTED = Instant.parse("2026-11-01T00:00:00Z");
  private static final DevNode NODE = new DevNode(1, 100, STARTED);
  private static final List<String> NODE_JVM =
      List.of("-Xmx256m", "dev.naru.broker.node.NodeMain", "--config", CONFIG.toString());

  private final Machine machine = new Machine();
  private final NodeProcesses processes = new NodeProcesses(machine);

  @Test
  void findsTheProcessThatWasStartedForANode() {
    machine.runs(100, STARTED, NODE_JVM);

    assertThat(processes.find(NODE, CONFIG)).map(Running::pid).contains(100L);
  }

  @Test
  void findsItWhileItIsStillTheScript() {
    machine.runs(100, STARTED, List.of("/naru", "node", "start", "--config", CONFIG.toString()));

    assertThat(processes.find(NODE, CONFIG)).isPresent();
  }

  @Test
  void isNotFooledByAProcessThatWasGivenTheNumber() {
    machine.runs(100, STARTED.plusSeconds(3600), List.of("-n", "100"));

    assertThat(processes.find(NODE, CONFIG)).isEmpty();
  }

  @Test
  void isNotFooledByAnotherNodeOrByAnEditor() {
    machine.runs(
        100,
        STARTED,
        List.of("dev.naru.broker.node.NodeMain", "--config", "/data/dev/node-2/node.yaml"));
    machine.runs(101, STARTED, List.of(CONFIG.toString()));

    assertThat(processes.find(NODE, CONFIG)).isEmpty();
  }

  @Test
  void findsANodeThatSomebodyStartedAgainByHand() {
    machine.runs(200, STARTED.plusSeconds(60), NODE_JVM);

    assertThat(processes.find(NODE, CONFIG)).map(Running::pid).contains(200L);
  }

  @Test
  void goesByTheStartTimeWhereArgumentsAreHidden() {
    machine.runs(100, STARTED.plusMillis(10), List.of());

    assertThat(processes.find(NODE, CONFIG)).isPresent();

    machine.runs(100, STARTED.plusSeconds(60), List.of());

    assertThat(processes.find(NODE, CONFIG)).isEmpty();
  }

  private static final class Machine implements ProcessTable {

    private final Map<Long, Running> running = new TreeMap<>();

    void runs(long pid, Instant started, List<String> arguments) {
      running.put(pid, new Running(pid, Optional.of(started), arguments));
    }

    @Override
    public Optional<Running> find(long pid) {
      return Optional.ofNullable(running.get(pid));
    }

    @Override
    public Stream<Running> all() {
      return running.values().stream();
    }
  }
}
