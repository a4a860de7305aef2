package dev.naru.deploy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.config.ConfigLayers;
import dev.naru.broker.config.InvalidConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * What can be said of packages without an engine that runs them: their files can be read, and nodes
 * would take the settings in them. Scripts in deploy/ run the tar and the Debian package.
 */
class PackagesTest {

  private static final Path DEPLOY = DeployFiles.ROOT.resolve("deploy");
  private static final Path CHART = DEPLOY.resolve("helm/naru");

  /** All that templates of the chart may say, so that this test can fill them in. */
  private static final Pattern HOLE =
      Pattern.compile("\\{\\{ \\.(Values|Release|Chart)\\.([A-Za-z.]+) }}");

  private static final Set<String> CHART_FILES =
      Set.of("policies.yaml", "services.yaml", "statefulset.yaml");

  private static final Pattern EXPORT = Pattern.compile("(NARU_[A-Z_]+)=\"\\$name(:\\d+)\"");

  @Test
  void theSettingsOfTheDebianPackageAreThoseOfANode() throws InvalidConfigException {
    var loaded =
        ConfigLayers.load(Optional.of(DEPLOY.resolve("deb/node.yaml")), Map.of(), List.of());

    assertThat(loaded.warnings()).isEmpty();
    assertThat(loaded.config().nodeId().value()).isEqualTo(1);
  }

  @Test
  void theUnitStopsSlowlyAndIsKeptOnAShortLeash() throws IOException {
    assertThat(Files.readAllLines(DEPLOY.resolve("deb/naru.service")))
        .contains(
            "Type=exec",
            "User=naru",
            "Restart=on-failure",
            "RestartPreventExitStatus=2 6",
            "TimeoutStopSec=180",
            "LimitNOFILE=100000",
            "NoNewPrivileges=yes",
            "ProtectSystem=strict",
            "CapabilityBoundingSet=");
  }

  /**
   * A process that was killed (status 137) is none of those that systemd leaves alone, and five
   * starts in ten seconds, after which it would give up, cannot be when five seconds lie between
   * two. Nothing that could be missing while there is no quorum has to run before.
   */
  @Test
  void theUnitStartsAKilledNodeAgainAndAgainAndWaitsForNobody() throws IOException {
    var unit = Files.readAllLines(DEPLOY.resolve("deb/naru.service"));

    assertThat(unit)
        .contains(
            "Restart=on-failure",
            "RestartSec=5",
            "RestartPreventExitStatus=2 6",
            "SuccessExitStatus=143",
            "After=network-online.target",
            "Wants=network-online.target")
        .noneMatch(line -> line.startsWith("StartLimit"))
        .noneMatch(line -> line.matches("(Requires|Requisite|BindsTo|PartOf|Conflicts)=.*"));
  }

  /** Kubernetes starts a container that ended again, unless it is told not to. */
  @Test
  void theChartStartsAKilledNodeAgainAndDoesNotAskWhetherThereIsAQuorum() throws IOException {
    var spec = map(chart("statefulset.yaml").getFirst().get("spec"));
    var pod = map(map(spec.get("template")).get("spec"));
    var node = map(list(pod.get("containers")).getFirst());

    assertThat(pod.getOrDefault("restartPolicy", "Always")).isEqualTo("Always");
    assertThat(pod).doesNotContainKey("initContainers");
    assertThat(spec).containsEntry("podManagementPolicy", "Parallel");
    assertThat(map(map(node.get("livenessProbe")).get("httpGet"))).containsEntry("path", "/livez");
  }

  /** That it is enough for a node is seen where one is started, not here. */
  @Test
  void whatIsShippedStartsOneProcessANodeAndNothingBesides() throws IOException {
    var unit = Files.readAllLines(DEPLOY.resolve("deb/naru.service"));
    assertThat(unit)
        .filteredOn(line -> line.startsWith("Exec"))
        .containsExactly("ExecStart=/usr/lib/naru/naru node start --config /etc/naru/node.yaml");

    var spec = map(chart("statefulset.yaml").getFirst().get("spec"));
    var pod = map(map(spec.get("template")).get("spec"));
    assertThat(list(pod.get("containers"))).hasSize(1);
    assertThat(CHART.resolve("templates"))
        .isDirectoryNotContaining(file -> !CHART_FILES.contains(file.getFileName().toString()));

    var compose = map(yaml(Files.readString(DEPLOY.resolve("docker/compose.yaml"))).getFirst());
    var services = map(compose.get("services"));
    assertThat(services.keySet())
        .containsExactlyInAnyOrder("n1", "n2", "n3", "naru", "prometheus", "grafana");
    for (var node : List.of("n1", "n2", "n3")) {
      assertThat(map(services.get(node))).doesNotContainKeys("depends_on", "links");
    }
  }

  @Test
  @Tag("S4")
  void nodesTakeTheSettingsOfTheComposeFile() throws IOException, InvalidConfigException {
    var compose = map(yaml(Files.readString(DEPLOY.resolve("docker/compose.yaml"))).getFirst());
    var services = map(compose.get("services"));
    assertThat(services).containsKeys("n1", "n2", "n3", "prometheus", "grafana");

    for (var node : List.of("n1", "n2", "n3")) {
      var variables = new TreeMap<>(texts(map(compose.get("x-settings"))));
      variables.putAll(texts(map(map(services.get(node)).get("environment"))));
      variables.remove("<<"); // YAML 1.2 knows no merging; Docker does
      variables.putAll(ofImage());

      var loaded = ConfigLayers.load(Optional.empty(), variables, List.of());

      assertThat(loaded.warnings()).allMatch(PackagesTest::isOfPlaintext);
      assertThat("n" + loaded.config().nodeId().value()).isEqualTo(node);
    }
    assertThat(map(compose.get("x-node")))
        .containsEntry("read_only", true)
        .containsEntry("stop_grace_period", "180s");
  }

  /** Nothing is encrypted yet; whoever installs the package keeps strangers out. */
  private static boolean isOfPlaintext(String warning) {
    return warning.contains(" is plaintext on 0.0.0.0:");
  }

  private static Map<String, String> ofImage() throws IOException {
    var dockerfile = Files.readString(DEPLOY.resolve("docker/Dockerfile"));
    assertThat(dockerfile).contains("USER 10001:10001", "STOPSIGNAL SIGTERM");
    return Pattern.compile("(NARU_[A-Z_]+)=(\\S+)")
        .matcher(dockerfile)
        .results()
        .collect(
            TreeMap::new, (all, found) -> all.put(found.group(1), found.group(2)), Map::putAll);
  }

  @Test
  @Tag("S4")
  void theChartStartsAllNodesAtOnceAndStopsOneAtATime() throws IOException {
    var set = chart("statefulset.yaml").getFirst();
    var spec = map(set.get("spec"));
    var pod = map(map(spec.get("template")).get("spec"));
    var node = map(list(pod.get("containers")).getFirst());

    assertThat(spec).containsEntry("podManagementPolicy", "Parallel").containsEntry("replicas", 3);
    assertThat(pod)
        .containsEntry("terminationGracePeriodSeconds", 180)
        .containsEntry("enableServiceLinks", false)
        .containsEntry("automountServiceAccountToken", false);
    assertThat(list(pod.get("topologySpreadConstraints"))).hasSize(2);
    assertThat(map(node.get("securityContext"))).containsEntry("readOnlyRootFilesystem", true);
    var startup = map(node.get("startupProbe"));
    assertThat(number(startup, "periodSeconds") * number(startup, "failureThreshold"))
        .as("seconds for a recovery")
        .isGreaterThanOrEqualTo(3_600);

    var policies = chart("policies.yaml");
    assertThat(policies).extracting(each -> each.get("kind")).contains("PodDisruptionBudget");
    assertThat(map(policies.getFirst().get("spec"))).containsEntry("maxUnavailable", 1);
    assertThat(chart("services.yaml")).hasSize(2);
  }

  @Test
  void nodesTakeTheSettingsOfTheChart() throws IOException, InvalidConfigException {
    var spec = map(chart("statefulset.yaml").getFirst().get("spec"));
    var node = map(list(map(map(spec.get("template")).get("spec")).get("containers")).getFirst());
    var variables = new TreeMap<String, String>(ofImage());
    for (var each : list(node.get("env"))) {
      var variable = map(each);
      var name = String.valueOf(variable.get("name"));
      if (name.startsWith("NARU_") && !name.equals("NARU_NODE_OPTS")) { // which the script takes
        variables.put(name, String.valueOf(variable.get("value")));
      }
    }
    var service = value(node, "SERVICE");
    EXPORT
        .matcher(String.valueOf(list(node.get("command")).getLast()))
        .results()
        .forEach(found -> variables.put(found.group(1), "test-0." + service + found.group(2)));
    variables.put("NARU_NODE_ID", "1");

    var loaded = ConfigLayers.load(Optional.empty(), variables, List.of());

    assertThat(loaded.warnings()).allMatch(PackagesTest::isOfPlaintext);
    assertThat(loaded.config().isVoter()).isTrue();
    assertThat(variables)
        .as("names that clients of other namespaces find")
        .containsEntry("NARU_LISTENERS_CLIENT_ADVERTISED", "test-0.test-nodes.streams.svc:9410")
        .containsEntry("NARU_LISTENERS_HTTP_ADVERTISED", "test-0.test-nodes.streams.svc:9480");
    assertThat(loaded.config().quorum().voters().toString())
        .contains("test-0.test-nodes.streams.svc", "test-2.test-nodes.streams.svc");
  }

  private static String value(Map<String, Object> container, String variable) {
    return list(container.get("env")).stream()
        .map(PackagesTest::map)
        .filter(each -> variable.equals(each.get("name")))
        .map(each -> String.valueOf(each.get("value")))
        .findFirst()
        .orElseThrow();
  }

  private static List<Map<String, Object>> chart(String template) throws IOException {
    var values = map(yaml(Files.readString(CHART.resolve("values.yaml"))).getFirst());
    var text = Files.readString(CHART.resolve("templates").resolve(template));
    var filled =
        HOLE.matcher(text)
            .replaceAll(hole ->
                hole.group(1).equals("Values")
                    ? valueAt(values, hole.group(2))
                    : switch (hole.group(2)) {
                      case "Name" -> "test";
                      case "Namespace" -> "streams";
                      default -> throw new IllegalArgumentException(hole.group());
                    });
    assertThat(filled).as("what this test does not fill in").doesNotContain("{{");
    var documents = new ArrayList<Map<String, Object>>();
    yaml(filled).forEach(document -> documents.add(map(document)));
    return documents;
  }

  private static String valueAt(Map<String, Object> values, String path) {
    @Nullable Object at = values;
    for (var name : path.split("\\.", -1)) {
      at = map(at).get(name);
    }
    assertThat(at).as(path).isNotNull();
    return String.valueOf(at);
  }

  private static List<Object> yaml(String text) {
    var documents = new ArrayList<Object>();
    new Load(LoadSettings.builder().build()).loadAllFromString(text).forEach(documents::add);
    return documents;
  }

  private static int number(Map<String, Object> map, String key) {
    return Integer.parseInt(String.valueOf(map.get(key)));
  }

  private static Map<String, String> texts(Map<String, Object> map) {
    var texts = new TreeMap<String, String>();
    map.forEach((key, value) -> texts.put(key, String.valueOf(value)));
    return texts;
  }

  @SuppressWarnings("unchecked") // what YAML makes of a mapping
  private static Map<String, Object> map(@Nullable Object value) {
    assertThat(value).isInstanceOf(Map.class);
    return (Map<String, Object>) requireNonNull(value);
  }

  @SuppressWarnings("unchecked") // what YAML makes of a sequence
  private static List<Object> list(@Nullable Object value) {
    assertThat(value).isInstanceOf(List.class);
    return (List<Object>) requireNonNull(value);
  }
}
