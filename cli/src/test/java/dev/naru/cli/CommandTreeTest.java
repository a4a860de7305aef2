package dev.naru.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.cli.output.Notes;
import dev.naru.cli.output.Stdout;
import dev.naru.client.NaruException;
import dev.naru.types.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandTreeTest {

  private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
  private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "topcis|did you mean topics?",
        "topics lits|did you mean list?",
        "topics list --ouput=json|did you mean --output?",
        "topics|Expected one of list, describe, top, create, alter, add-partitions, delete,"
            + " truncate after naru topics",
        "topics alter orders|Expected --set or --unset, but neither was given",
        "topics alter orders --set retention.ms|Expected name=value, but was retention.ms",
        "topics alter orders --set a=1 --set a=2|Expected one --set of a, but were two",
        "topics top --by weight|Expected --by bytes or records, but was weight",
        "topics top -n 0|Expected -n >= 1, but was 0",
        "topics add-partitions orders|Expected --total",
        "topics add-partitions orders --total 0|Expected --total >= 1, but was 0",
        "topics list extra|Expected nothing more for naru topics list, but was extra",
        "topics describe|Expected NAME, but it is missing",
        "topics create a -p many|Expected a number up to 2147483647, but was many (--partitions)",
        "-o xml topics list|Expected an output of table, wide, json, jsonl, yaml or name, but was"
            + " xml",
        "topics list --timeout 5|Expected a duration",
        "topics delete orders|Expected --yes",
        "topics truncate orders --before end|Expected --yes",
        "topics truncate orders --before now --yes|Expected --before end, offset:N or time:T",
        "topics truncate orders --before end --partition=-1|Expected --partition >= 0, but was -1",
        "groups|Expected one of list, describe, reset-offsets, delete-offsets, delete,"
            + " remove-member after naru groups",
        "groups list --state dead|Expected --state empty, stable or rebalancing, but was dead",
        "groups reset-offsets app --topic orders|Expected --to",
        "groups reset-offsets app --to end|Expected --topic or --all-topics, but neither was given",
        "groups reset-offsets app --to end --topic a --all-topics|Expected --topic or --all-topics,"
            + " but both were given",
        "groups reset-offsets app --to now --all-topics|Expected --to beginning, end, offset:N,"
            + " offset:-N or time:T, but was now",
        "groups reset-offsets app --to end --all-topics|Expected --yes",
        "groups delete-offsets app|Expected --topic",
        "groups delete-offsets app --topic a|Expected --yes",
        "groups delete app|Expected --yes",
        "groups remove-member app|Expected --member or --instance, but neither was given",
        "groups remove-member app --member 7|Expected --member UUID, but was 7",
        "groups remove-member app --instance 7|Expected --yes",
        "partitions|Expected one of elect, reassign, recover after naru partitions",
        "partitions reassign orders/3|Expected TOPIC[/PARTITION] --to NODES, or --plan FILE",
        "partitions reassign --to 1,2|Expected TOPIC[/PARTITION] --to NODES, or --plan FILE",
        "partitions reassign --plan /no/such/plan|Expected a readable plan",
        "partitions reassign --auto --to 1,2|Expected --auto without --to and --plan, but one was"
            + " given",
        "rebalance|Expected one of plan, apply after naru rebalance",
        "rebalance plan --by weight|Expected leaders, bytes or disk, but was weight",
        "rebalance plan --max 0|Expected --max of 1 to 10000, but was 0",
        "rebalance apply|Expected --plan",
        "rebalance apply --plan /no/such/plan|Expected a readable plan",
        "nodes drain one|Expected nodes/ID or the id of a node, but was one",
        "nodes decommission 4|Expected --yes",
        "ops wait 7|Expected operations/UUID or a UUID, but was 7",
        "partitions recover a|Expected TOPIC/PARTITION, but was a",
        "partitions recover a/0|Expected --node N or --best, but neither was given",
        "partitions recover a/0 --node 1 --best|Expected --node or --best, but both were given",
        "partitions recover a/0 --best|Expected --yes",
        "partitions elect|Expected TOPIC/PARTITION or --all, but neither was given",
        "partitions elect orders/0 --all|Expected --all or partitions, but both were given",
        "cluster events -n 1001|Expected -n of 0 to 1000, but was 1001",
        "cluster events --since yesterday|Expected a time such as",
        "cluster events --follow -o json|Expected -o jsonl, name or table with --follow",
        "cluster upgrade|Expected one of check, finalize after naru cluster upgrade",
        "config|Expected one of get, set, explain, validate after naru config",
        "config get orders|Expected cluster, nodes/ID or topics/NAME, but was orders",
        "config set cluster|Expected KEY=VALUE or --unset, but neither was given",
        "config set cluster flush|Expected name=value, but was flush",
        "config set cluster flush=os flush=os|Expected one value of flush, but were two",
        "config set cluster flush=os --unset flush|Expected flush to be set or unset, but was both",
        "config explain cluster|Expected KEY, but it is missing",
        "salvage|Expected one of list, show, republish after naru salvage",
        "salvage list --topic a/b|Expected TOPIC or TOPIC/PARTITION",
        "salvage show 7|Expected an ID as naru salvage list prints it",
        "salvage show 1/0a1b2c3d-7 --max=-1|Expected --max of at least 0, but was -1",
        "salvage republish 1/0a1b2c3d-7|Expected --yes",
        "salvage republish 1/0a1b2c3d-7 --yes --from=-1|Expected --from of an offset or"
            + " FILE:POSITION:OFFSET",
        "salvage republish 1/0a1b2c3d-7 --yes -o name|Expected an output of table or jsonl",
        "produce a --format xml|Expected --format text or jsonl",
        "produce a --key k --key-separator :|but both were given",
        "produce a --delimiter \\q|Expected one of \\n",
        "produce a --header x|Expected name=value, but was x",
        "produce a --rate fast|Expected a number, but was fast (--rate)",
        "produce a --rate NaN|Expected a --rate above 0",
        "produce a --file .|Expected a file, but . is a directory",
        "produce a -o yaml|Expected an output of name or jsonl",
        "consume a -f %x|but was %x",
        "consume a -o table|Expected an output of jsonl",
        "consume a --from nowhere|Expected --from beginning",
        "consume a --to end --exit-at-end|but both were given",
        "consume a/b|Expected TOPIC or TOPIC/PARTITION",
        "perf produce|Expected --topic, but it is missing",
        "perf consume --topic a --records 0|Expected --records to be 1 or more",
        "perf produce --topic a --records 0|Expected --records to be 1",
        "perf produce --topic a --values missing.txt|Expected a file of values",
        "perf consume --topic a --follow|Expected --records with --follow",
        "perf e2e --topic a --records 0|Expected at least one record",
        "perf produce --topic a --records 1 --duration 1s|Expected one of --records and --duration",
        "debug|Expected one of segment, raft after naru debug",
        "debug segment|Expected FILE, but it is missing",
        "debug segment nowhere|Expected a file, but there is no nowhere",
        "debug raft|Expected DIRECTORY, but it is missing",
        "debug raft nowhere|Expected a metadata directory, metadata.dir of a node, but",
        "debug raft nowhere --from 1|Expected --from together with --entries only",
        "debug raft nowhere --to -1|Expected --from and --to of at least 0",
        "dev --nodes 2|Expected --nodes to be 1 or 3",
        "dev --topic a:b|Expected --topic NAME or NAME:PARTITIONS",
        "-b nonsense cluster info|Expected bootstrap.servers to be host:port",
        "-X linger.mss=5 cluster info|did you mean linger.ms?",
      })
  void refusesWhatCannotBeMeantBeforeItConnects(String words, String message) {
    int status = run(Map.of(), words.split(" "));

    assertThat(errors()).startsWith("error: INVALID_").contains(message);
    assertThat(status).isEqualTo(2);
    assertThat(stdout.size()).isZero();
  }

  @ParameterizedTest
  @EnumSource(value = ErrorCode.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void endsWithTheStatusOfTheError(ErrorCode code) {
    var notes = new Notes(new PrintStream(stderr, true, UTF_8));
    var report = new ErrorReport(notes, new GlobalFlags(Map.of()));

    int status = report.print(new CompletionException(new NaruException(code, "Expected x\n")));

    assertThat(status).isEqualTo(code.exitStatus());
    assertThat(errors()).startsWith("error: " + code + ": Expected x\\n\n");
  }

  @Test
  void tellsTheAddressesWhenNobodyAnswers() {
    int status = run(Map.of(), "-b", "127.0.0.1:1", "topics", "list");

    assertThat(errors()).contains("error: BOOTSTRAP_UNREACHABLE: ", "127.0.0.1:1", "\nhint: ");
    assertThat(status).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"consume a", "perf consume --topic a", "produce a --file pom.xml"})
  void doesNotKeepTryingWhenNobodyAnswers(String words) {
    var patience = Duration.ofSeconds(25);
    var flags = "-b 127.0.0.1:1 -X request.timeout.ms=" + patience.toMillis() + " ";

    long startNanos = System.nanoTime();
    int status = run(Map.of(), (flags + words).split(" "));

    assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(patience);
    assertThat(errors()).contains("error: BOOTSTRAP_UNREACHABLE: ");
    assertThat(status).isEqualTo(5);
  }

  @Test
  void takesVariablesWhereThereIsNoFlag() {
    var environment = Map.of("NARU_BOOTSTRAP_SERVERS", "127.0.0.1:2", "NARU_OUTPUT", "json");

    run(environment, "topics", "list");
    assertThat(errors()).contains("127.0.0.1:2");

    stderr.reset();
    run(environment, "topics", "list", "-b", "127.0.0.1:1");
    assertThat(errors()).contains("127.0.0.1:1").doesNotContain("127.0.0.1:2");
  }

  @Test
  void namesTheVariableThatHasABadValue() {
    int status = run(Map.of("NARU_OUTPUT", "xml"), "-b", "127.0.0.1:1", "dev", "status");

    assertThat(errors()).contains("NARU_OUTPUT", "but was xml");
    assertThat(status).isEqualTo(2);
  }

  @Test
  void printsTracesOnlyForThoseWhoAsk() {
    run(Map.of(), "topics", "list", "-b", "127.0.0.1:1");
    assertThat(errors()).doesNotContain("\tat ");

    run(Map.of(), "topics", "list", "-b", "127.0.0.1:1", "--debug");
    assertThat(errors()).contains("\tat ");
  }

  @Test
  void saysThatNoDevClusterIsThere() {
    int status = run(Map.of(), "dev", "status", "--data-dir", "target/no-such-cluster");

    assertThat(errors()).contains("Expected a dev cluster in target/no-such-cluster");
    assertThat(status).isEqualTo(3);
  }

  private int run(Map<String, String> environment, String... words) {
    var notes = new Notes(new PrintStream(stderr, true, UTF_8));
    var invocation = new Invocation(environment, new Stdout(stdout), notes);
    return new CommandTree(invocation).run(words);
  }

  private String errors() {
    return stderr.toString(UTF_8);
  }
}
