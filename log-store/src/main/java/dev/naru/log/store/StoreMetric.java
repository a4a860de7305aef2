package dev.naru.log.store;

import dev.naru.types.MetricId;
import dev.naru.types.MetricType;
import java.util.List;

/** What the log store counts, each by data directory. */
public enum StoreMetric implements MetricId {
  FSYNC(
      "naru_fsync_seconds",
      "seconds",
      "One group commit. p99 above 50 ms: look at the disk.",
      "dir"),
  FAILED(
      "naru_storage_failed",
      "directories",
      "1 when the directory was given up: replace the disk, then naru node format --replace.",
      "dir"),
  SEGMENTS_DELETED(
      "naru_segments_deleted_total",
      "segments",
      "Segments whose files were deleted, by reason: age, size, request, or leader where it decided.",
      "reason"),
  DAMAGES(
      "naru_damage_found_total",
      "logs",
      "Logs found damaged. More than one in months: look at the disk, then replace it.",
      "dir"),
  SCRUBBED(
      "naru_scrubbed_bytes_total",
      "bytes",
      "Read in the background to find damage. Not rising for days: the disk has no idle time.",
      "dir"),
  SET_ASIDE_ENTRIES(
      "naru_set_aside_entries",
      "entries",
      "What lies in lost+found, by kind. Any of kind cut-off may hold records that no log has any more: naru salvage list.",
      "dir",
      "kind"),
  SET_ASIDE_BYTES(
      "naru_set_aside_bytes",
      "bytes",
      "What that takes. Growing without end: look at what cannot expire, naru salvage list.",
      "dir",
      "kind"),
  USED(
      "naru_disk_used_ratio",
      "ratio",
      "Add space or cut retention: at 0.95 produce is refused.",
      "dir"),
  DIRTY_RATIO(
      "naru_log_cleaner_dirty_ratio",
      "ratio",
      "Of the log with the greatest share that was never compacted. Only growing: the compactor is stuck."),
  UNCLEANABLE(
      "naru_log_cleaner_uncleanable_partitions",
      "partitions",
      "Logs whose compaction failed: look for LOG_UNCLEANABLE, and start the node again."),
  RECLAIMED(
      "naru_log_cleaner_reclaimed_bytes_total",
      "bytes",
      "What compaction has freed on this node.",
      "by");

  private final String id;
  private final String unit;
  private final String help;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> labels;

  StoreMetric(String id, String unit, String help, String... labels) {
    this.id = id;
    this.unit = unit;
    this.help = help;
    this.labels = List.of(labels);
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String unit() {
    return unit;
  }

  @Override
  public String help() {
    return help;
  }

  @Override
  public List<String> labels() {
    return labels;
  }

  @Override
  public MetricType type() {
    return this == FSYNC ? MetricType.HISTOGRAM : MetricId.super.type();
  }
}
