package dev.naru.testing.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.testing.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Samples that people copy compile: each block of Java in README and in the guide, and both sides
 * of the program that is ported from Kafka's client.
 *
 * <p>A block is a class, a method, or statements that may use {@code naru}, {@code producer},
 * {@code consumer}, {@code partition} and {@code record} without declaring them.
 */
class SamplesTest {

  private static final Path ROOT = Repository.of(SamplesTest.class).root();
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(java|diff)\n(.*?)^```$");
  private static final Pattern CLASS = Pattern.compile("(?s)^(?:@.*\n)?class .*");

  /** Of the optional ones, those that this module's class path has. */
  private static final List<String> PACKAGES =
      List.of(
          "dev.naru.client",
          "dev.naru.client.admin",
          "dev.naru.client.consumer",
          "dev.naru.client.mock",
          "dev.naru.client.producer",
          "dev.naru.testing.cluster",
          "dev.naru.types");

  private static final String NARU =
      packages()
          + imports(
              "java.time.*",
              "java.util.*",
              "java.util.regex.*",
              "org.junit.jupiter.api.*",
              "static org.assertj.core.api.Assertions.*");
  private static final String KAFKA =
      imports(
          "java.time.*",
          "java.util.*",
          "org.apache.kafka.clients.consumer.*",
          "org.apache.kafka.clients.producer.*");

  private static final String GIVEN =
      "static NaruClient naru; static Producer<String, String> producer;"
          + " static Consumer<String, String> consumer; static TopicPartition partition;"
          + " static ConsumerRecord<String, String> record;";

  @TempDir private Path folder;

  private static String packages() {
    return imports(
        PACKAGES.stream()
            .filter(SamplesTest::isThere)
            .map(name -> name + ".*")
            .toArray(String[]::new));
  }

  private static boolean isThere(String name) {
    var loader = SamplesTest.class.getClassLoader();
    return loader.getResource(name.replace('.', '/') + "/package-info.class") != null;
  }

  private static String imports(String... names) {
    return Stream.of(names).map(name -> "import " + name + "; ").collect(Collectors.joining());
  }

  /** What is compiled of a block, and where the block stands. */
  private record Sample(String place, String name, String source) {}

  @Test
  void compile() throws IOException {
    var samples = new ArrayList<Sample>();
    for (var page : pages()) {
      addSamples(page, samples);
    }

    assertThat(samples).hasSizeGreaterThan(15); // or nothing was read
    assertThat(errors(samples)).isEmpty();
  }

  private static List<Path> pages() throws IOException {
    var pages = new ArrayList<>(List.of(ROOT.resolve("README.md")));
    try (var guide = Files.list(ROOT.resolve("docs/guide"))) {
      guide.filter(page -> page.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    return pages;
  }

  private static void addSamples(Path page, List<Sample> samples) throws IOException {
    var text = Files.readString(page);
    for (var block : BLOCK.matcher(text).results().toList()) {
      long line = text.substring(0, block.start()).lines().count() + 1;
      var place = ROOT.relativize(page) + ":" + line;
      if (block.group(1).equals("java")) {
        add(samples, place, NARU, GIVEN, block.group(2));
      } else {
        add(samples, place, KAFKA, "", side(block.group(2), '-'));
        add(samples, place, NARU, "", side(block.group(2), '+'));
      }
    }
  }

  /** The lines of both sides, and of this one. */
  private static String side(String diff, char sign) {
    return diff.lines()
        .filter(line -> line.isEmpty() || line.charAt(0) == ' ' || line.charAt(0) == sign)
        .map(line -> line.isEmpty() ? line : line.substring(1))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  /** All that is added stands in the first line: so lines have the numbers that they have there. */
  private static void add(
      List<Sample> samples, String place, String imports, String given, String block) {
    var name = "Sample" + samples.size();
    var isClass = CLASS.matcher(block).matches();
    var isMethod = block.startsWith("static ");
    var begin = isClass ? "" : "final class " + name + " { " + (isMethod ? "" : given);
    var body = isClass || isMethod ? block : "static void run() throws Exception { " + block + "}";
    samples.add(new Sample(place, name, imports + begin + body + (isClass ? "" : "}")));
  }

  private List<String> errors(List<Sample> samples) throws IOException {
    var errors = new ArrayList<String>();
    for (var sample : samples) {
      var file = Files.writeString(folder.resolve(sample.name + ".java"), sample.source);
      for (var error : new JavaSource(file).compile(folder)) {
        errors.add(sample.place + ", of it " + error);
      }
    }
    return errors;
  }
}
