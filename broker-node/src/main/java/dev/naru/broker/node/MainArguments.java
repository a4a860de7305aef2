package dev.naru.broker.node;

import dev.naru.broker.config.ConfigLayers;
import dev.naru.broker.config.InvalidConfigException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What a main was called with: {@code --config FILE}, {@code --set key=value} as often as needed,
 * switches, and options with a value.
 */
record MainArguments(
    Optional<Path> config,
    List<String> sets,
    TreeSet<String> switches,
    Optional<String> clusterId) {

  /** Wrong usage; the message says what was expected. */
  static final class UsageException extends Exception {
    UsageException(String message) {
      super(message);
    }
  }

  static MainArguments parse(String[] args, List<String> knownSwitches) throws UsageException {
    var config = Optional.<Path>empty();
    var clusterId = Optional.<String>empty();
    var sets = new ArrayList<String>();
    var switches = new TreeSet<String>();
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--config" -> config = Optional.of(Path.of(valueOf(args, i++)));
        case "--set" -> sets.add(valueOf(args, i++));
        case "--cluster-id" -> clusterId = Optional.of(valueOf(args, i++));
        default -> {
          if (!knownSwitches.contains(args[i])) {
            throw new UsageException(
                "Expected --config FILE, --set key=value or one of %s, but was %s"
                    .formatted(knownSwitches, args[i]));
          }
          switches.add(args[i]);
        }
      }
    }
    return new MainArguments(config, List.copyOf(sets), switches, clusterId);
  }

  private static String valueOf(String[] args, int option) throws UsageException {
    if (option + 1 >= args.length) {
      throw new UsageException("Expected a value after " + args[option] + ", but there is none");
    }
    return args[option + 1];
  }

  /** The configuration that these arguments and the variables make. */
  ConfigLayers.Loaded load(Map<String, String> variables) throws InvalidConfigException {
    return ConfigLayers.load(config, variables, sets);
  }
}
