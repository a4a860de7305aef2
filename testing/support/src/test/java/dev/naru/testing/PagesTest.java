package dev.naru.testing;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the pages speak of is there: README, CONTRIBUTING and docs/ are read beside the sources, so
 * that a class that is renamed takes its page along.
 */
class PagesTest {

  private static final Repository REPOSITORY = Repository.of(PagesTest.class);
  private static final Path ROOT = REPOSITORY.root();

  private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]*)(?:#([^)\\s]*))?\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```.*?^```$");

  /** In code quotes, with two humps or more: {@code PartitionLog}, {@code Partition.take}. */
  private static final Pattern NAMED = Pattern.compile("`((?:[A-Z][a-z0-9]+){2,})(?:\\.\\w+)?`");

  /** In code quotes: {@code FailoverTest.electsAgain}. */
  private static final Pattern TEST = Pattern.compile("`(\\w+Test)\\.(\\w+)`");

  /** Label and figure of a row that has a figure. */
  private static final Pattern FIGURE = Pattern.compile("(?m)^\\| ([^|]*) \\| (\\d[^|]*) \\|$");

  /**
   * The rows of the chapter on the page cache, and in which cell of which row each was measured.
   */
  private static final Map<String, String> MEASURED =
      Map.of(
          "a node that serves a consumer, 1 KiB, six partitions, page cache warm",
          "\\| 1 KiB \\|.*\\| FIGURE \\|",
          "the same, 100 B",
          "\\| 100 B \\|.*\\| FIGURE \\|",
          "the same node before batches were handed to the socket where they were read",
          "\\| batches handed to the socket where they were read; [^|]*\\| FIGURE \\|[^|]*\\|",
          "and after that change",
          "\\| batches handed to the socket where they were read; [^|]*\\|[^|]*\\| FIGURE \\|",
          "a node that read for a consumer into memory of its own each time",
          "\\| reads into pooled memory, [^|]*\\| FIGURE \\|[^|]*\\|",
          "and into pooled memory",
          "\\| reads into pooled memory, [^|]*\\|[^|]*\\| FIGURE \\|",
          "memory of a node after load, heap of 1 GiB, in MiB",
          "\\| memory of a node that has started, MiB; after load \\|[^|]*\\| [^;|]*; FIGURE \\|.*");

  /** What a translation says near its top. */
  private static final Pattern ORIGINAL = Pattern.compile("\\[English]\\(([^)]*)\\)");

  private static final Pattern DECLARED =
      Pattern.compile("\\b(?:class|record|interface|enum|message|service|rpc) (\\w+)");

  private static final Pattern PACKAGE = Pattern.compile("`(dev\\.naru[a-z.]*)`");

  private static final Pattern ALERT = Pattern.compile("(?m)^ +- alert: (\\w+)$");

  /** Types of others: the JDK's, gRPC's, Kafka's. */
  private static final Set<String> FOREIGN =
      Set.of(
          "IllegalStateException",
          "ErrorInfo",
          "AdminClient",
          "ConsumerRecords",
          "ConsumerRebalanceListener");

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    var broken = new ArrayList<String>();

    for (var page : pages()) {
      for (var link : matches(LINK, Files.readString(page))) {
        if (!link.group(1).startsWith("http") && !leadsSomewhere(page, link)) {
          broken.add(ROOT.relativize(page) + " " + link.group());
        }
      }
    }

    assertThat(broken).isEmpty();
  }

  private static boolean leadsSomewhere(Path page, MatchResult link) throws IOException {
    var target = page.resolveSibling(link.group(1)).normalize();
    if (link.group(1).isEmpty()) {
      target = page;
    }
    return Files.exists(target)
        && (link.group(2) == null || headings(target).contains(link.group(2)));
  }

  /** As GitHub names them. */
  private static List<String> headings(Path page) throws IOException {
    return matches(HEADING, Files.readString(page)).stream()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^a-z0-9 _-]", "").strip().replace(' ', '-'))
        .toList();
  }

  @Test
  void everyTypeThatAPageNamesExists() throws IOException {
    var declared = new TreeSet<String>();
    for (var source : files(file -> file.endsWith(".java") || file.endsWith(".proto"))) {
      matches(DECLARED, Files.readString(source)).forEach(type -> declared.add(type.group(1)));
    }
    for (var rules : files(file -> file.endsWith("-alerts.yml"))) {
      matches(ALERT, Files.readString(rules)).forEach(alert -> declared.add(alert.group(1)));
    }
    var unknown = new ArrayList<String>();

    for (var page : pages()) {
      var prose = BLOCK.matcher(Files.readString(page)).replaceAll("");
      for (var named : matches(NAMED, prose)) {
        if (!declared.contains(named.group(1)) && !FOREIGN.contains(named.group(1))) {
          unknown.add(ROOT.relativize(page) + " " + named.group());
        }
      }
    }

    assertThat(declared).hasSizeGreaterThan(500); // or nothing was read
    assertThat(unknown).isEmpty();
  }

  @Test
  void everyTestThatAPageNamesExists() throws IOException {
    var tests = new TreeMap<String, String>(); // sources, of one name all of them
    for (var source : files(file -> file.endsWith("Test.java"))) {
      var name = String.valueOf(source.getFileName()).replace(".java", "");
      tests.merge(name, Files.readString(source), String::concat);
    }
    var unknown = new ArrayList<String>();

    for (var page : pages()) {
      for (var test : matches(TEST, Files.readString(page))) {
        if (!tests.getOrDefault(test.group(1), "").contains("void " + test.group(2) + "(")) {
          unknown.add(ROOT.relativize(page) + " " + test.group());
        }
      }
    }

    assertThat(unknown).isEmpty();
  }

  @Test
  void theGuideShowsEachLineThatPortingAnApplicationChanges() throws IOException {
    var application = Files.readString(ROOT.resolve("docs/examples/kafka-app/Orders.java"));
    var before = application.lines().filter(line -> line.contains("org.apache.kafka")).toList();
    var after =
        before.stream().map(line -> line.replace("org.apache.kafka", "dev.naru.kafka")).toList();

    var page = Files.readString(ROOT.resolve("docs/guide/from-kafka.md"));

    assertThat(imports(page, "-")).isNotEmpty().isEqualTo(before);
    assertThat(imports(page, "+")).isEqualTo(after);
  }

  private static List<String> imports(String page, String sign) {
    return page.lines()
        .filter(line -> line.startsWith(sign + "import "))
        .map(line -> line.substring(sign.length()))
        .toList();
  }

  /** The chapter says nothing of its own: who measures anew changes both. */
  @Test
  @Tag("S116")
  void theChapterOnThePageCacheHasOnlyFiguresThatWereMeasured() throws IOException {
    var measured = Files.readString(ROOT.resolve("docs/PERFORMANCE.md"));
    var chapter = Files.readString(ROOT.resolve("docs/guide/page-cache.md"));

    var figures =
        matches(FIGURE, chapter).stream().collect(toMap(row -> row.group(1), row -> row.group(2)));

    assertThat(figures.keySet()).isEqualTo(MEASURED.keySet());
    MEASURED.forEach((label, row) -> {
      var figure = Pattern.quote(String.valueOf(figures.get(label)));
      assertThat(measured.lines())
          .as("%s: %s", label, figures.get(label))
          .anyMatch(line -> line.matches(row.replace("FIGURE", figure)));
    });
    assertThat(chapter).contains("about 2.2", "3.4 seconds");
    assertThat(measured).contains("about 2.2", "Naru takes 3.4 seconds a GB");
  }

  /** Whoever changes a command, or adds a part, finds that there is another language. */
  @Test
  void aTranslationShowsWhatItsOriginalShows() throws IOException {
    var translations = files(file -> file.contains("/docs/ko/"));

    assertThat(translations).isNotEmpty();
    for (var page : translations) {
      var name = ROOT.relativize(page).toString();
      var translated = Files.readString(page);
      var named = matches(ORIGINAL, translated);
      assertThat(named).as(name).isNotEmpty();
      var original = page.resolveSibling(named.getFirst().group(1)).normalize();
      var english = Files.readString(original);
      assertThat(texts(BLOCK, translated)).as(name).isEqualTo(texts(BLOCK, english));
      assertThat(texts(HEADING, translated)).as(name).hasSameSizeAs(texts(HEADING, english));
      assertThat(matches(LINK, english))
          .as("%s is linked from %s", name, ROOT.relativize(original))
          .anyMatch(link -> original.resolveSibling(link.group(1)).normalize().equals(page));
    }
  }

  private static List<String> texts(Pattern pattern, String text) {
    return matches(pattern, text).stream().map(MatchResult::group).toList();
  }

  @Test
  void everyPackageIsOnTheMapAndNoOther() throws IOException {
    var there =
        files(file -> file.endsWith("/package-info.java") && file.contains("/src/main/")).stream()
            .map(PagesTest::packageOf)
            .collect(toCollection(TreeSet::new));
    var map = Files.readString(ROOT.resolve("docs/ARCHITECTURE.md"));

    var onTheMap =
        matches(PACKAGE, map).stream()
            .map(named -> named.group(1))
            .filter(name -> !isOfTests(name))
            .collect(toCollection(TreeSet::new));

    assertThat(onTheMap).isEqualTo(there);
  }

  /** Their packages lie under src/test, beside many that need no map. */
  private static boolean isOfTests(String name) {
    return name.startsWith("dev.naru.simulation")
        || name.startsWith("dev.naru.chaos")
        || name.equals("dev.naru.model")
        || name.equals("dev.naru.stories")
        || name.equals("dev.naru.testing.conformance");
  }

  private static String packageOf(Path packageInfo) {
    var path = packageInfo.toString();
    return path.substring(path.indexOf("/dev/naru") + 1, path.lastIndexOf('/')).replace('/', '.');
  }

  private static List<Path> pages() {
    return files(file ->
        file.endsWith("/README.md")
            || file.endsWith("/CONTRIBUTING.md")
            || (file.contains("/docs/") && file.endsWith(".md")));
  }

  private static List<Path> files(Predicate<String> wanted) {
    return REPOSITORY.files(wanted);
  }

  private static List<MatchResult> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().toList();
  }
}
