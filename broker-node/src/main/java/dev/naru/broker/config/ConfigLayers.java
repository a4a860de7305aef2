package dev.naru.broker.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Lays the sources of settings over each other: defaults, file, {@code NARU_*} variables, {@code
 * --set} flags; the later wins. A name that nobody knows is refused in the file and on the command
 * line, where a person wrote it; among the variables it is a warning, because platforms put names
 * there by themselves.
 */
public final class ConfigLayers {

  /** Variables of the command line and of scripts, which are no settings of a node. */
  private static final Set<String> OTHER_VARIABLES =
      Set.of(
          "NARU_BOOTSTRAP_SERVERS",
          "NARU_PROFILE",
          "NARU_OUTPUT",
          "NARU_TIMEOUT",
          "NARU_JAVA_HOME",
          "NARU_HEAP",
          "NARU_JAVA_OPTS");

  private final Map<String, RawValue> values = new LinkedHashMap<>();
  private final SortedMap<String, List<WrittenValue>> sources = new TreeMap<>();
  private final List<ConfigProblem> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final TreeSet<String> known = new TreeSet<>(SettingKeys.ofNodes().keySet());

  private ConfigLayers() {}

  /**
   * A configuration, and what a person should hear about it.
   *
   * @param sources everything that was written, by key: the value that wins, then those it hides
   */
  public record Loaded(
      NodeConfig config, List<String> warnings, SortedMap<String, List<WrittenValue>> sources) {}

  /**
   * Reads, merges and checks everything.
   *
   * @param sets values of {@code --set}, each {@code key=value}
   * @throws InvalidConfigException naming every problem found
   */
  public static Loaded load(Optional<Path> file, Map<String, String> variables, List<String> sets)
      throws InvalidConfigException {
    return merge(
        file.isPresent() ? ConfigFile.read(file.get()) : ConfigFile.Content.NONE,
        new TreeMap<>(variables),
        sets);
  }

  static Loaded merge(ConfigFile.Content file, Map<String, String> variables, List<String> sets)
      throws InvalidConfigException {
    var layers = new ConfigLayers();
    layers.problems.addAll(file.problems());
    file.values().values().forEach(layers::put);
    variables.forEach(layers::putVariable);
    layers.putFlags(sets);
    return layers.bind();
  }

  private void putVariable(String name, String text) {
    if (!name.startsWith("NARU_") || OTHER_VARIABLES.contains(name)) {
      return;
    }
    var key = name.substring("NARU_".length()).toLowerCase(Locale.ROOT).replace('_', '.');
    if (known.contains(key)) {
      putKnown(RawValue.scalar(key, text, new Origin.Variable(name)));
    } else {
      warnings.add("Expected a known setting, but was the variable " + name + didYouMean(key));
    }
  }

  private void putFlags(List<String> sets) {
    var given = new TreeSet<String>();
    for (var set : sets) {
      int equals = set.indexOf('=');
      if (equals < 1) {
        problems.add(ConfigProblem.of("Expected --set key=value, but was " + set));
        continue;
      }
      var key = set.substring(0, equals);
      if (!given.add(key)) {
        problems.add(
            ConfigProblem.at(
                "Expected " + key + " once, but it is given twice", new Origin.Flag()));
      }
      put(RawValue.scalar(key, set.substring(equals + 1), new Origin.Flag()));
    }
  }

  private void put(RawValue value) {
    if (known.contains(value.key())) {
      putKnown(value);
    } else {
      problems.add(
          ConfigProblem.of(
              "Expected a known setting, but was %s (%s)%s"
                  .formatted(value.key(), value.origin().describe(), didYouMean(value.key()))));
    }
  }

  private void putKnown(RawValue value) {
    values.put(value.key(), value);
    sources.computeIfAbsent(value.key(), _ -> new ArrayList<>()).addFirst(value.asWritten());
  }

  private String didYouMean(String key) {
    return Suggestion.nearest(key, known).map(name -> "; did you mean " + name + "?").orElse("");
  }

  private Loaded bind() throws InvalidConfigException {
    var binder = new RecordBinder(values);
    var config = binder.bind(NodeConfig.class);
    problems.addAll(binder.problems());
    config.ifPresent(bound -> problems.addAll(NodeRules.check(bound, values, binder.refused())));
    if (!problems.isEmpty() || config.isEmpty()) {
      problems.sort(Comparator.comparingInt(ConfigProblem::line));
      throw new InvalidConfigException(problems);
    }
    warnings.addAll(NodeRules.warnings(config.get()));
    return new Loaded(config.get(), List.copyOf(warnings), sources);
  }
}
