package dev.naru.testing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Plants a violation of each rule, in each form it comes in, and code that only looks like one. */
class HouseRulesTest {

  @TempDir Path folder;

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void catchesWhatIsPlanted(String name, ArchRule rule, List<String> sources) {
    var planted = PlantedCode.compile(folder, sources.toArray(String[]::new));

    var violations = planted.violations(rule);

    assertThat(violations).contains(name);
    assertThat(sources)
        .allSatisfy(source ->
            assertThat(violations)
                .containsAnyOf(
                    PlantedCode.nameOf(source), "package " + PlantedCode.packageOf(source)));
  }

  static Stream<Arguments> catchesWhatIsPlanted() {
    return Stream.of(
        planted(
            HouseRules.EVERY_PACKAGE_HAS_A_TIER,
            in("broker.novelty", "class Thing {}"),
            in("log.epoch.more", "class Thing {}")),
        planted(
            HouseRules.PURE_CODE_TOUCHES_NOTHING,
            in("broker.replica", "class Reads { java.io.InputStream in; }"),
            in("broker.replica", "class Fails { void f() { new java.io.IOException(); } }"),
            in("log.epoch", "class Opens { java.nio.file.Path path; }"),
            in("log.epoch", "class Maps { java.nio.channels.Channel channel; }"),
            in("record", "class Opens { java.io.FileInputStream in; }"),
            in("types", "class Dials { java.net.Socket socket; }"),
            in("metadata.image", "record Holds(java.util.concurrent.Future<String> f) {}"),
            in("metadata.machine", "class Runs { Object f() { return Thread.class; } }"),
            in("metadata.machine", "class Logs { java.util.logging.Logger log; }"),
            in("broker.flow", "class Calls { io.grpc.Channel channel; }"),
            in("broker.flow", "class Buffers { io.netty.buffer.ByteBuf buffer; }"),
            in("metadata.machine", "class Asks { org.apache.ratis.RaftPeer peer; }"),
            in("client.core", "class Decodes { dev.naru.proto.v1.Ack ack; }")),
        planted(
            HouseRules.NO_CLOCK_NO_DICE,
            in("broker.replica", "class Ticks { long t() { return System.nanoTime(); } }"),
            in("log", "class Ticks { long t() { return System.currentTimeMillis(); } }"),
            in("types", "class Ticks { Object t() { return java.time.Instant.now(); } }"),
            in(
                "types",
                "class Ticks { java.util.function.Supplier<Object> t = java.time.Instant::now; }"),
            in("types", "class Ticks { Object t() { return java.time.LocalDate.now(); } }"),
            in("log.segment", "class Ticks { java.time.Clock clock; }"),
            in("types", "record Id() { Object f() { return java.util.UUID.randomUUID(); } }"),
            in("record", "class Rolls { double f() { return Math.random(); } }"),
            in("record", "class Rolls { Object f() { return new java.util.Random(7); } }"),
            in("record", "class Rolls { Object f() { return new java.util.Date(); } }"),
            in("record", "class Rolls { Object f() { return new java.util.SplittableRandom(); } }"),
            in("log", "class Rolls { Object f() { return new java.security.SecureRandom(); } }"),
            in(
                "log",
                "class Rolls { int f() {"
                    + " return java.util.concurrent.ThreadLocalRandom.current().nextInt(); } }"),
            in(
                "broker.group",
                "class Rolls { void f(java.util.List<?> l) {"
                    + " java.util.Collections.shuffle(l); } }")),
        planted(
            HouseRules.ORDER_IS_THE_SAME_EVERYWHERE,
            in("metadata.image", "record Sets() { Object f() { return java.util.Set.of(1); } }"),
            in("types", "class Maps { Object f() { return java.util.Map.of(1, 2); } }"),
            in(
                "types",
                "class Maps { Object f(java.util.Map<?, ?> m) {"
                    + " return java.util.Map.copyOf(m); } }"),
            in("types", "class Maps { Object f() { return new java.util.HashMap<>(); } }"),
            in("types", "class Sets { Object f() { return new java.util.HashSet<>(); } }"),
            in("types", "class Hashes { int f() { return System.identityHashCode(this); } }"),
            in(
                "types",
                "class Collects { Object f(java.util.List<?> l) {"
                    + " return l.stream().collect(java.util.stream.Collectors.toSet()); } }"),
            in(
                "types",
                "class Collects { Object f(java.util.List<?> l) { return l.stream().collect("
                    + "java.util.stream.Collectors.toMap(x -> x, x -> x)); } }"),
            in(
                "types",
                "class Collects { Object f(java.util.List<?> l) { return l.stream().collect("
                    + "java.util.stream.Collectors.groupingBy(x -> x)); } }")),
        planted(
            HouseRules.OWNED_CODE_STARTS_NOTHING,
            in("log", "class Starts { void f(Thread t) { t.start(); } }"),
            in("log", "class Starts { java.util.concurrent.Executor executor; }"),
            in("broker.partition", "class Locks { java.util.concurrent.locks.Lock lock; }"),
            in("broker.coordinator", "class Dials { java.net.Socket socket; }"),
            in(
                "log.segment",
                "class Opens { Object f(java.nio.file.Path p) throws Exception {"
                    + " return java.nio.file.Files.size(p); } }")),
        planted(
            HouseRules.MESSAGES_ARE_VALUES,
            in("metadata.event", "class Happened {}"),
            in("metadata.command", "interface Open {}"),
            in("broker.replica", "class LeaderInput {}"),
            in("broker.replica", "interface LeaderEffect {}")),
        planted(
            HouseRules.RATIS_IS_FENCED_IN,
            in("metadata.log", "class Leaks { org.apache.ratis.RaftPeer peer; }")),
        planted(
            HouseRules.GRPC_STAYS_AT_THE_EDGE,
            in("broker.loop", "class Leaks { io.grpc.Channel channel; }"),
            in("wire", "class Leaks { io.netty.buffer.ByteBuf buffer; }")),
        planted(
            HouseRules.GENERATED_CODE_STAYS_AT_THE_EDGE,
            in("broker.loop", "class Leaks { dev.naru.proto.v1.Ack ack; }"),
            in("client.producer", "class Leaks { dev.naru.proto.v1.Ack ack; }")),
        planted(
            HouseRules.FILES_HAVE_ONE_DOOR,
            in("log.store", "class Opens { java.io.File file; }"),
            in("log.store", "class Opens { java.nio.channels.FileChannel channel; }"),
            in("client", "class Opens { java.io.FileReader reader; }"),
            in(
                "broker.node",
                "class Opens { boolean f(java.nio.file.Path p) {"
                    + " return java.nio.file.Files.exists(p); } }")),
        planted(
            HouseRules.C_HAS_ONE_DOOR,
            in("log.store", "class Calls { java.lang.foreign.Linker linker; }")),
        planted(
            HouseRules.CLOCKS_ARE_BORN_AT_THE_TOP,
            in("broker.rpc", "class Ticks { long t() { return System.nanoTime(); } }"),
            in(
                "broker.rpc",
                "class Ticks { java.util.function.LongSupplier t = System::nanoTime; }"),
            in("wire", "class Ticks { Object t() { return java.time.Clock.systemUTC(); } }"),
            in("client", "class Rolls { Object f() { return java.util.UUID.randomUUID(); } }"),
            in("log.store", "class Starts { Object f() { return new Thread(() -> {}); } }"),
            in("log.store", "class Starts { Object f() { return Thread.ofVirtual(); } }"),
            in("log.store", "class Starts extends Thread {}"),
            in(
                "controller",
                "class Starts { Object f() {"
                    + " return java.util.concurrent.Executors.newFixedThreadPool(1); } }")),
        planted(
            HouseRules.NAMES,
            in("broker.rpc", "class OffsetUtils {}"),
            in("broker.rpc", "class Outer { interface RetryHelper {} }"),
            in("broker.rpc", "class ServiceImpl {}"),
            in("broker.rpc", "class TopicManager {}"),
            in("broker.util", "class Thing {}"),
            in("common", "class Thing {}")),
        planted(
            HouseRules.PROCESS,
            in("broker.node", "class Ends { void f() { System.exit(1); } }"),
            in("broker.node", "class Ends { void f() { Runtime.getRuntime().halt(1); } }"),
            in("broker.node", "class Prints { void f() { System.out.println(); } }"),
            in("client", "class Prints { void f(Exception e) { e.printStackTrace(); } }")),
        planted(HouseRules.NULL_MARKED, in("broker.rpc", "class Unmarked {}")),
        planted(
            HouseRules.TESTS_DO_NOT_SLEEP,
            in("broker.rpc", "class Sleeps { void f() throws Exception { Thread.sleep(1); } }"),
            in(
                "broker.rpc",
                "class Sleeps { void f() throws Exception {"
                    + " java.util.concurrent.TimeUnit.DAYS.sleep(1); } }")));
  }

  @ParameterizedTest(name = "{0} does not see {1}")
  @MethodSource
  void catchesWhoSeesTooMuch(String who, String whom) {
    var planted =
        PlantedCode.compile(
            folder,
            in(whom, "public class Seen {}"),
            in(who, "class Sees { dev.naru." + whom + ".Seen seen; }"));

    assertThat(planted.violations(HouseRules.LAYERS)).contains("LAYERS").contains(whom + ".Seen");
  }

  static Stream<Arguments> catchesWhoSeesTooMuch() {
    return Stream.of(
        arguments("types", "wire"),
        arguments("log", "wire"),
        arguments("log.store", "metadata.log"),
        arguments("metadata.ratis", "log.store"),
        arguments("controller", "broker.node"),
        arguments("broker.loop", "log.segment"),
        arguments("broker.replica", "broker.partition"),
        arguments("broker.partition", "broker.loop"),
        arguments("broker.partition", "broker.config"),
        arguments("broker.loop", "broker.peer"),
        arguments("broker.config", "broker.rpc"),
        arguments("broker.rpc", "broker.node"),
        arguments("broker.node", "client"),
        arguments("client", "log.store"),
        arguments("cli", "broker.node"),
        arguments("broker.node", "testing"));
  }

  @Test
  void catchesPackagesThatNeedEachOther() {
    var planted =
        PlantedCode.compile(
            folder,
            in("broker.rpc", "public class One { dev.naru.broker.http.Other other; }"),
            in("broker.http", "public class Other { dev.naru.broker.rpc.One one; }"));

    assertThat(planted.violations(HouseRules.LAYERS)).contains("Cycle detected");
  }

  @Test
  void catchesALookBehindTheSdk() {
    var planted =
        PlantedCode.compile(
            folder,
            in("client.transport", "public class Router {}"),
            in("cli", "class Peeks { dev.naru.client.transport.Router router; }"));

    assertThat(planted.violations(HouseRules.NOTHING_BEHIND_THE_SDK)).contains("Router");
  }

  @ParameterizedTest
  @MethodSource
  void raisesNoFalseAlarm(List<String> sources) {
    var planted = PlantedCode.compile(folder, sources.toArray(String[]::new));

    assertThat(planted.violationsOfAnyRule()).isEmpty();
  }

  static Stream<List<String>> raisesNoFalseAlarm() {
    return Stream.of(
        allowed("record", "class Packs { java.io.OutputStream out; java.util.zip.CRC32C crc; }"),
        allowed("record", "class Packs { void f() throws java.io.IOException {} }"),
        allowed(
            "types",
            "record Id(java.util.UUID id) { static Id of(long a, long b) {"
                + " return new Id(new java.util.UUID(a, b)); } }"),
        allowed("types", "class Maps { Object f() { return new java.util.LinkedHashMap<>(); } }"),
        allowed(
            "types",
            "class Maps { Object f(java.util.List<Integer> l) {"
                + " return l.stream().collect(java.util.stream.Collectors.toMap("
                + "x -> x, x -> x, (a, b) -> a, java.util.TreeMap::new)); } }"),
        allowed(
            "types",
            "class Lists { Object f(java.util.function.Function<Object, Object> g) {"
                + " return java.util.stream.Stream.of(1).map(g).toList(); } }"),
        allowed(
            "types", "class Sums { Object f(java.time.Duration d) { return d.plusNanos(1); } }"),
        allowed(
            "metadata.machine",
            "class Places { int f(long seed) {"
                + " return new java.util.SplittableRandom(seed).nextInt(); } }"),
        allowed(
            "metadata.machine",
            "class Places { void f(java.util.List<?> l,"
                + " java.util.random.RandomGenerator r) { java.util.Collections.shuffle(l, r); } }"),
        allowed(
            "metadata.event",
            "sealed interface Event { record Happened() implements Event {}"
                + " enum Kind implements Event { SMALL { @Override int f() { return 1; } };"
                + " int f() { return 0; } } }"),
        allowed(
            "broker.replica",
            "sealed interface LeaderInput {"
                + " record Tick(long nowNanos) implements LeaderInput {}"
                + " static int f(LeaderInput i) { return switch (i) { case Tick t -> 1; }; } }"),
        allowed(
            "log",
            "class Log { java.util.concurrent.atomic.AtomicLong end;"
                + " java.nio.file.Path path; java.io.IOException cause; }"),
        allowed(
            "log.store",
            "class Starts { Object f(java.util.concurrent.ThreadFactory t) {"
                + " return java.util.concurrent.Executors.newSingleThreadExecutor(t); } }"),
        allowed(
            "broker.node",
            "class NodeMain { void f() { new Thread(() -> System.exit(1));"
                + " System.out.println(System.nanoTime()); } }"),
        allowed(
            "client",
            "public class NaruClient { static class Builder {"
                + " Object f() { return java.util.UUID.randomUUID(); } } }"),
        allowed("broker.peer", "class Edge { io.grpc.Channel c; dev.naru.proto.v1.Ack a; }"),
        Stream.of(
                allowed(
                    "client",
                    "public class NaruClient { dev.naru.client.producer.Producer p; }"
                        + " class ClientConfig {}"),
                allowed(
                    "client.producer", "public class Producer { dev.naru.client.NaruClient c; }"))
            .flatMap(List::stream)
            .toList());
  }

  @Test
  void letsTestsUseAllThatTheyTest() {
    assertThat(HouseRules.OF_TEST_CLASSES).doesNotContain(HouseRules.NO_CLOCK_NO_DICE);
  }

  @Test
  void checksEveryRuleItNames() {
    var named = new TreeSet<String>();
    for (var field : HouseRules.class.getDeclaredFields()) {
      if (field.getType().equals(ArchRule.class)) {
        named.add(field.getName());
      }
    }
    var checked = new TreeSet<String>();
    Stream.of(HouseRules.OF_MAIN_CLASSES, HouseRules.OF_TEST_CLASSES)
        .flatMap(List::stream)
        .forEach(rule -> checked.add(rule.getDescription().split(",", 2)[0]));

    assertThat(checked).isEqualTo(named);
  }

  @Test
  void holdsWhereARuleMeetsNoClass() {
    assertThat(HouseRules.violations(List.of(noClasses().should().bePublic()), folder)).isEmpty();
    assertThat(HouseRules.violations(HouseRules.OF_MAIN_CLASSES, folder.resolve("none"))).isEmpty();
  }

  @Test
  void refusesATestThatIsNotInAModule() {
    assertThatThrownBy(() -> HouseRules.check(HouseRules.class))
        .hasMessageContaining("Expected dev.naru.testing.HouseRules in target/test-classes");
  }

  private static Arguments planted(ArchRule rule, String... sources) {
    var name = rule.getDescription().split(",", 2)[0];
    return arguments(name, rule, PlantedCode.withNamesOfTheirOwn(sources));
  }

  private static List<String> allowed(String name, String type) {
    return List.of(
        in(name, type),
        "@org.jspecify.annotations.NullMarked package dev.naru.%s;".formatted(name));
  }

  private static String in(String name, String type) {
    return "package dev.naru.%s; %s".formatted(name, type);
  }
}
