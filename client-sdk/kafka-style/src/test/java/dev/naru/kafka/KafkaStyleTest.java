package dev.naru.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.kafka.clients.consumer.KafkaConsumer;
import dev.naru.testing.Repository;
import dev.naru.testing.cluster.NaruCluster;
import dev.naru.testing.cluster.NaruTest;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application of Kafka compiles against Kafka, and after its imports were changed runs here. */
@NaruTest(
    nodes = 1,
    settings = {"offsets.topic.num.partitions=1", "default.replication.factor=1"})
class KafkaStyleTest {

  private static final Path APPLICATION =
      Repository.of(KafkaStyleTest.class).root().resolve("docs/examples/kafka-app/Orders.java");
  private static final Path PAGE =
      Repository.of(KafkaStyleTest.class).root().resolve("docs/guide/from-kafka.md");

  @Test
  void takesAnApplicationWhoseImportsWereChanged(NaruCluster cluster, @TempDir Path directory)
      throws Exception {
    var written = Files.readString(APPLICATION);
    compile(
        written,
        directory.resolve("before"),
        org.apache.kafka.clients.producer.KafkaProducer.class);

    var ported = written.replace("org.apache.kafka", "dev.naru.kafka");
    var classes =
        compile(
            ported,
            directory.resolve("after"),
            KafkaConsumer.class,
            dev.naru.client.NaruClient.class);

    var changed =
        Stream.of(written.split("\n")).filter(line -> !List.of(ported.split("\n")).contains(line));
    assertThat(changed).isNotEmpty().allMatch(line -> line.startsWith("import "));
    var sums = run(classes, cluster.bootstrapServers());
    assertThat(sums)
        .containsExactlyEntriesOf(
            new TreeMap<>(
                Map.of("customer-0", 1000L, "customer-1", 1000L, "customer-2", 1000L, "last", 1L)));
  }

  @Test
  @Tag("S114")
  void itsPageShowsWhatChangesAndWhichDefaultsAreOthers() throws IOException {
    var page = Files.readString(PAGE);
    var before = Files.readString(APPLICATION).lines().filter(line -> line.contains("org.apache"));
    var removed = before.map(line -> "-" + line).collect(Collectors.joining("\n"));
    var added = removed.replace("-import org.apache.kafka", "+import dev.naru.kafka");

    assertThat(page).contains("```udiff\n" + removed + "\n" + added + "\n```");
    assertThat(page)
        .contains("\n## Names\n", "\n## What behaves otherwise\n", "\n## Moving over\n");
    var defaults = org.apache.kafka.clients.producer.ProducerConfig.configDef().defaultValues();
    assertThat(kafkasCell(page, "linger.ms")).startsWith(defaults.get("linger.ms") + " ");
    assertThat(kafkasCell(page, "compression.zstd.level"))
        .isEqualTo(String.valueOf(defaults.get("compression.zstd.level")));
  }

  private static String kafkasCell(String page, String setting) {
    var row = "| `" + setting + "` | ";
    var cells = page.substring(page.indexOf(row) + row.length());
    return cells.substring(0, cells.indexOf(" |"));
  }

  private static Path compile(String source, Path directory, Class<?>... libraries)
      throws IOException, URISyntaxException {
    var file = Files.createDirectories(directory).resolve("Orders.java");
    Files.writeString(file, source);
    var compiler = ToolProvider.getSystemJavaCompiler();
    var diagnostics = new DiagnosticCollector<JavaFileObject>();
    try (var files = compiler.getStandardFileManager(diagnostics, null, null)) {
      files.setLocationFromPaths(StandardLocation.CLASS_PATH, placesOf(libraries));
      files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(directory));
      boolean isCompiled =
          compiler
              .getTask(
                  null,
                  files,
                  diagnostics,
                  List.of("--release", "17", "-proc:none"),
                  null,
                  files.getJavaFileObjects(file))
              .call();
      assertThat(isCompiled).as("%s", diagnostics.getDiagnostics()).isTrue();
    }
    return directory;
  }

  private static List<Path> placesOf(Class<?>... libraries) throws URISyntaxException {
    var places = Stream.<Path>builder();
    for (var library : libraries) {
      places.add(Path.of(library.getProtectionDomain().getCodeSource().getLocation().toURI()));
    }
    return places.build().toList();
  }

  private static Map<String, Long> run(Path classes, String servers) throws Exception {
    var urls = new URL[] {classes.toUri().toURL()};
    try (var loader = new URLClassLoader(urls, KafkaStyleTest.class.getClassLoader())) {
      var type = loader.loadClass("Orders");
      var orders = type.getConstructor(String.class, String.class).newInstance(servers, "orders");
      type.getMethod("createTopic").invoke(orders);
      type.getMethod("createTopic").invoke(orders); // there it is
      type.getMethod("send", int.class).invoke(orders, 30);
      var sums = (Map<?, ?>) type.getMethod("sum", int.class).invoke(orders, 30);
      return sums.entrySet().stream()
          .collect(
              Collectors.toMap(
                  sum -> (String) sum.getKey(),
                  sum -> (Long) sum.getValue(),
                  Long::sum,
                  TreeMap::new));
    }
  }

  @Nested
  class Clients extends ClientTests {}

  @Nested
  class Administration extends AdminTests {}

  @Test
  void hasWhatKafkaHasUnderTheSameSignatures() {
    for (var ours :
        List.of(
            dev.naru.kafka.clients.producer.Producer.class,
            dev.naru.kafka.clients.consumer.Consumer.class,
            dev.naru.kafka.clients.consumer.ConsumerRecord.class,
            dev.naru.kafka.clients.consumer.ConsumerRecords.class,
            dev.naru.kafka.clients.producer.ProducerRecord.class,
            dev.naru.kafka.clients.producer.RecordMetadata.class,
            dev.naru.kafka.clients.admin.Admin.class,
            dev.naru.kafka.clients.admin.ConsumerGroupDescription.class,
            dev.naru.kafka.clients.admin.ConsumerGroupListing.class,
            dev.naru.kafka.clients.admin.ListConsumerGroupOffsetsResult.class,
            dev.naru.kafka.clients.admin.ListOffsetsResult.class,
            dev.naru.kafka.clients.admin.MemberDescription.class,
            dev.naru.kafka.common.TopicPartition.class,
            dev.naru.kafka.common.header.Headers.class)) {
      var theirs = kafkas(ours);
      var known = Arrays.stream(theirs.getMethods()).map(KafkaStyleTest::signature).toList();
      assertThat(
              Arrays.stream(ours.getDeclaredMethods())
                  .filter(method -> java.lang.reflect.Modifier.isPublic(method.getModifiers()))
                  .filter(method -> !method.isSynthetic())
                  .map(KafkaStyleTest::signature))
          .as(ours.getName())
          .isSubsetOf(known);
    }
  }

  private static Class<?> kafkas(Class<?> ours) {
    try {
      return Class.forName(ours.getName().replace("dev.naru.kafka", "org.apache.kafka"));
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static String signature(java.lang.reflect.Method method) {
    return Stream.concat(
            Stream.of(method.getReturnType(), method.getName()),
            Stream.of(method.getParameterTypes()))
        .map(String::valueOf)
        .collect(Collectors.joining(" "))
        .replace("org.apache.kafka", "dev.naru.kafka");
  }
}
