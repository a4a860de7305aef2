package dev.naru.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A rule of replication that is weakened in the model, the invariant that does not survive it, and
 * the smallest bounds, where they differ from {@link #SMALL}, in which that shows.
 */
enum WeakenedRule {
  CUTS_TO_WATERMARK("I1_NoCommittedLoss", "VersionMax = 2, EachStep = TRUE"),
  CUTS_BY_LEADER_ONLY("I11_Truncation", "VersionMax = 2, RecordMax = 2"),
  ANY_LEADER_EPOCH("I5_CandidateCompleteness"),
  ANY_PROCESS("I3_OneWriterPerEpoch", "VersionMax = 0, CrashMax = 1, LogMax = 2, RecordMax = 2"),
  KEEPS_ACKS("I5_CandidateCompleteness"),
  ALTERS_LATE("I1_NoCommittedLoss"),
  SHRINKS_AT_ONCE("I1_NoCommittedLoss", "VersionMax = 2, EachStep = TRUE"),
  JOINS_UNCOUNTED("I1_NoCommittedLoss"),
  JOINS_EARLY("I1_NoCommittedLoss"),
  JOINS_BEFORE_REIGN("I5_CandidateCompleteness"),
  COMMITS_ALONE("I1_NoCommittedLoss"),
  COUNTS_PROPOSED("I1_NoCommittedLoss"),
  COUNTS_UNFORCED("I1_NoCommittedLoss", "CrashMax = 1"),
  KEEPS_PLACES("I1_NoCommittedLoss"),
  ELECTS_ANYBODY("I1_NoCommittedLoss"),
  STAYS_LEADER("I3_OneWriterPerEpoch", "VersionMax = 2, CrashMax = 1, LogMax = 2, RecordMax = 2");

  /** One record and no crash. */
  private static final String SMALL = "LogMax = 1, RecordMax = 1, VersionMax = 3, CrashMax = 0";

  private final String violates;
  private final String bounds;

  WeakenedRule(String violates) {
    this(violates, SMALL);
  }

  WeakenedRule(String violates, String bounds) {
    this.violates = violates;
    this.bounds = bounds;
  }

  String violates() {
    return violates;
  }

  /** The value of {@code Weak}: {@code CutsToWatermark} for {@link #CUTS_TO_WATERMARK}. */
  String inModel() {
    return Arrays.stream(name().split("_"))
        .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
  }

  /** The configuration of the rules, but for this one, its bounds, and the invariants. */
  String in(String rules) {
    var constants = rules.substring(0, rules.indexOf("INVARIANTS"));
    var bounded = Tlc.with(Tlc.with(constants, SMALL), bounds);
    return Tlc.with(bounded, "Weak = \"" + inModel() + '"') + "INVARIANT " + violates + "\n";
  }
}
