package dev.naru.metadata.machine;

import dev.naru.metadata.image.TopicConfig;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import org.pcollections.TreePMap;

/** Checks settings of topics: all of them or none are taken. */
final class TopicConfigRules {

  /** More settings than there are cannot all be right, and need not all be named in an answer. */
  static final int CONFIGS_MAX = 100;

  /** Violations named in one refusal. */
  private static final int VIOLATIONS_MAX = 10;

  private TopicConfigRules() {}

  /** What a check came to. */
  sealed interface Checked {

    /** All values in canonical form. */
    record Good(TreePMap<String, String> configs) implements Checked {}

    /** Every violation in one reason. */
    record Bad(Refused why) implements Checked {}
  }

  /** Under these rules a release knows no setting that came later, whatever it is itself. */
  static Checked check(int metadataVersion, SortedMap<String, String> configs) {
    if (configs.size() > CONFIGS_MAX) {
      return new Checked.Bad(tooMany(configs.size()));
    }
    var violations = new ArrayList<String>();
    TreePMap<String, String> canonical = TreePMap.empty();
    for (var entry : configs.entrySet()) {
      var config = TopicConfig.named(entry.getKey(), metadataVersion);
      var value = config.flatMap(known -> known.canonical(entry.getValue()));
      if (value.isPresent()) {
        canonical = canonical.plus(entry.getKey(), value.get());
      } else {
        violations.add(violation(metadataVersion, config, entry));
      }
    }
    contradiction(canonical).ifPresent(violations::add);
    return violations.isEmpty() ? new Checked.Good(canonical) : bad(violations);
  }

  /** Both say what may be lost, so they must not say two things. */
  private static Optional<String> contradiction(SortedMap<String, String> configs) {
    var mode = Optional.ofNullable(configs.get(TopicConfig.RECOVERY_MODE.key()));
    return "true".equals(configs.get(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE.key()))
        ? mode.filter(text -> !text.equals("available"))
            .map(text ->
                "Expected unclean.leader.election.enable=true with recovery.mode=available or without recovery.mode, but was with %s"
                    .formatted(text))
        : Optional.empty();
  }

  /** The settings that a topic with this many copies has after a change, all in canonical form. */
  static Checked changed(
      int metadataVersion,
      TreePMap<String, String> present,
      SortedMap<String, String> set,
      SortedSet<String> unset,
      int replicationFactor) {
    if (unset.size() > CONFIGS_MAX) {
      return new Checked.Bad(tooMany(unset.size()));
    }
    var violations = new ArrayList<String>();
    for (var key : unset) {
      if (TopicConfig.named(key, metadataVersion).isEmpty()) {
        violations.add(unknown(metadataVersion, key));
      } else if (set.containsKey(key)) {
        violations.add("Expected %s to be set or unset, but was both".formatted(Printable.of(key)));
      }
    }
    return violations.isEmpty()
        ? check(metadataVersion, present.minusAll(unset).plusAll(set), replicationFactor)
        : bad(violations);
  }

  /** As {@link #check}, for a topic of its own with this many copies. */
  static Checked check(
      int metadataVersion, SortedMap<String, String> configs, int replicationFactor) {
    var checked = check(metadataVersion, configs);
    if (checked instanceof Checked.Good(var canonical)) {
      var minInsync =
          Optional.ofNullable(canonical.get(TopicConfig.MIN_INSYNC_REPLICAS.key()))
              .map(Integer::parseInt);
      if (minInsync.filter(min -> min > replicationFactor).isPresent()) {
        return bad(
            List.of(
                "Expected %s to be at most the replication factor %s, but was %s"
                    .formatted(
                        TopicConfig.MIN_INSYNC_REPLICAS.key(),
                        replicationFactor,
                        minInsync.get())));
      }
    }
    return checked;
  }

  private static String violation(
      int metadataVersion, Optional<TopicConfig> config, Map.Entry<String, String> entry) {
    return config.isEmpty()
        ? unknown(metadataVersion, entry.getKey())
        : "Expected %s to be %s, but was %s"
            .formatted(entry.getKey(), config.get().expected(), Printable.of(entry.getValue()));
  }

  private static String unknown(int metadataVersion, String key) {
    var meant = Spelling.nearest(key, TopicConfig.keys(metadataVersion));
    return "Expected a known setting, but was "
        + Printable.of(key)
        + meant.map(name -> "; did you mean " + name + "?").orElse("");
  }

  static Refused tooMany(int count) {
    return new Refused(
        ErrorCode.LIMIT_EXCEEDED,
        "Expected at most %s settings, but were %s".formatted(CONFIGS_MAX, count));
  }

  private static Checked bad(List<String> violations) {
    return new Checked.Bad(violations(violations).orElseThrow());
  }

  /** All of them in one reason; empty if there are none. */
  static Optional<Refused> violations(List<String> violations) {
    if (violations.isEmpty()) {
      return Optional.empty();
    }
    var named = violations.subList(0, Math.min(violations.size(), VIOLATIONS_MAX));
    String more =
        violations.size() > VIOLATIONS_MAX
            ? "; and " + (violations.size() - VIOLATIONS_MAX) + " more"
            : "";
    return Optional.of(new Refused(ErrorCode.INVALID_CONFIG, String.join("; ", named) + more));
  }
}
