package dev.naru.cli.command;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.ExitStatus;
import dev.naru.cli.Interruption;
import dev.naru.cli.Invocation;
import dev.naru.cli.dev.DevPlan;
import dev.naru.cli.dev.DevRun;
import dev.naru.cli.dev.DevState;
import dev.naru.cli.dev.NaruScript;
import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.admin.NewTopic;
import dev.naru.types.ErrorCode;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code naru dev}. */
@Command(
    name = "dev",
    description = "Runs a whole cluster on this machine, one process for each node.")
public final class DevCommand implements Callable<Integer> {

  private static final String TOPIC_DEFAULT = "orders";

  @Option(names = "--nodes", paramLabel = "N", description = "1 or 3 (3).")
  private Optional<Integer> nodes = Optional.empty();

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "First port (9410); 0 takes any that are free.")
  private Optional<Integer> port = Optional.empty();

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where it keeps its data between runs (data/dev).")
  private Path directory = Path.of(DevState.DIRECTORY_DEFAULT);

  @Option(
      names = "--topic",
      paramLabel = "NAME[:PARTITIONS]",
      description = "A topic to make, unless it is there.")
  private Optional<String> topic = Optional.empty();

  @Option(names = "--detach", description = "Return once it is ready.")
  private boolean isDetached;

  private final Invocation invocation;

  /** Belongs to this call. */
  public DevCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    var plan = new DevPlan(number(nodes), number(port));
    var newTopic = topic.map(DevCommand::newTopic);
    var script = NaruScript.ofProcess();
    var run = DevRun.prepare(directory, plan, script, invocation.notes());
    return Interruption.during(() -> await(run, script, newTopic), () -> stop(run));
  }

  private int await(DevRun run, NaruScript script, Optional<NewTopic> newTopic) {
    getReady(run, newTopic);
    invocation.stdout().line(run.cluster().readyLine());
    invocation.stdout().flush();
    suggest(script, run.cluster().bootstrapServers(), newTopic);
    return isDetached ? ExitStatus.DONE : run.watch();
  }

  private void getReady(DevRun run, Optional<NewTopic> newTopic) {
    try {
      int size = run.cluster().size();
      invocation.notes().note(size == 1 ? "starting 1 node…" : "starting " + size + " nodes…");
      run.start();
      run.awaitReady();
      newTopic.ifPresent(wanted -> create(run.cluster().bootstrapServers(), wanted));
    } catch (RuntimeException e) {
      run.stop();
      throw e;
    }
  }

  private void create(String bootstrapServers, NewTopic wanted) {
    try (var naru = NaruClient.builder().bootstrapServers(bootstrapServers).build()) {
      invocation.await(naru.admin().createTopic(wanted));
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof NaruException refused
          && refused.code() == ErrorCode.TOPIC_ALREADY_EXISTS)) {
        throw e;
      }
    }
  }

  /** Three commands that work as they stand, in this folder. */
  private void suggest(NaruScript script, String bootstrapServers, Optional<NewTopic> made) {
    boolean isFoundByItself = directory.equals(Path.of(DevState.DIRECTORY_DEFAULT));
    String naru = script.typed() + (isFoundByItself ? "" : " -b " + bootstrapServers);
    String name = made.map(NewTopic::name).orElse(TOPIC_DEFAULT);
    var notes = invocation.notes();
    notes.note("next:");
    notes.note(
        made.isPresent()
            ? "  " + naru + " topics describe " + name
            : "  " + naru + " topics create " + name + " --partitions 6");
    notes.note("  " + naru + " produce " + name);
    notes.note("  " + naru + " consume " + name + " --from beginning");
  }

  private void stop(DevRun run) {
    invocation.notes().note("stopping…");
    run.stop();
    invocation.notes().note("stopped");
  }

  private static OptionalInt number(Optional<Integer> value) {
    return value.map(OptionalInt::of).orElse(OptionalInt.empty());
  }

  private static NewTopic newTopic(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      return NewTopic.named(text);
    }
    try {
      return NewTopic.named(text.substring(0, colon))
          .partitions(Integer.parseInt(text.substring(colon + 1)));
    } catch (NumberFormatException e) {
      throw CommandFailure.usage("Expected --topic NAME or NAME:PARTITIONS, but was " + text);
    }
  }
}
