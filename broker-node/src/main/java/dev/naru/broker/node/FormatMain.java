package dev.naru.broker.node;

import dev.naru.broker.config.InvalidConfigException;
import dev.naru.types.ErrorCode;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Prepares a node's directories: {@code --config FILE [--set key=value]... [--cluster-id UUID |
 * --new-cluster-id] [--replace]}. Prints the cluster's id.
 */
public final class FormatMain {

  private static final int USAGE = 2;
  private static final int PRECONDITION = 4;
  private static final int FAULT = 1;

  private static final String NEW_CLUSTER_ID = "--new-cluster-id";
  private static final String REPLACE = "--replace";

  private FormatMain() {}

  /** Formats, and exits with a status. */
  public static void main(String[] args) {
    System.exit(run(args, System.getenv(), System.out, System.err));
  }

  static int run(String[] args, Map<String, String> variables, PrintStream out, PrintStream err) {
    try {
      var arguments = MainArguments.parse(args, List.of(NEW_CLUSTER_ID, REPLACE));
      var config = arguments.load(variables).config();
      var dice = new SecureRandom();
      var asked = askedFor(arguments, dice);
      var named = config.identity().clusterId();
      if (asked.isPresent() && named.isPresent() && !asked.equals(named)) {
        throw new MainArguments.UsageException(
            "Expected the cluster.id of the configuration, %s, but was %s"
                .formatted(named.get(), asked.get()));
      }
      var cluster =
          asked
              .or(() -> named)
              .orElseThrow(() ->
                  new MainArguments.UsageException(
                      "Expected --cluster-id UUID, --new-cluster-id or cluster.id in the configuration, but there is none"));
      var format = new NodeFormat(config, cluster, dice);
      if (arguments.switches().contains(REPLACE)) {
        format.replaceMissing();
      } else {
        format.formatAll();
      }
      out.println(cluster);
      return 0;
    } catch (MainArguments.UsageException e) {
      err.println("error: " + ErrorCode.INVALID_REQUEST + ": " + e.getMessage());
      return USAGE;
    } catch (InvalidConfigException e) {
      e.problems()
          .forEach(problem -> err.println("error: " + ErrorCode.INVALID_CONFIG + ": " + problem));
      return USAGE;
    } catch (StartException e) {
      err.println("error: " + e.code() + ": " + e.getMessage());
      return e.code() == ErrorCode.INTERNAL ? FAULT : PRECONDITION;
    }
  }

  private static Optional<UUID> askedFor(MainArguments arguments, SecureRandom dice)
      throws MainArguments.UsageException {
    boolean isNew = arguments.switches().contains(NEW_CLUSTER_ID);
    if (isNew && arguments.clusterId().isPresent()) {
      throw new MainArguments.UsageException(
          "Expected --cluster-id or --new-cluster-id, but both were given");
    }
    if (isNew) {
      return Optional.of(NodeFormat.uuid(dice, 4));
    }
    var written = arguments.clusterId();
    try {
      return written.map(UUID::fromString);
    } catch (IllegalArgumentException e) {
      throw new MainArguments.UsageException("Expected a UUID, but was " + written.orElse(""));
    }
  }
}
