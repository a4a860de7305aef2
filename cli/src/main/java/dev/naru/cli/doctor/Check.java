package dev.naru.cli.doctor;

import java.util.Locale;

/** What is looked at. The codes are for programs and do not change; a page has a part for each. */
public enum Check {
  QUORUM_LOST("Start the voters that are down, or replace them.", "docs/runbooks/quorum-lost.md"),
  SINGLE_VOTER("Name three nodes in quorum.voters, each in another rack."),
  FEWER_THAN_3_NODES("Add nodes until there are three."),
  NODE_NOT_SERVING(
      "Look at the node's log and at its /readyz page.", "docs/runbooks/rack-power.md"),
  METRICS_NOT_REACHED(
      "Let listeners.http.advertised of each node be an address at which it, and no other, is reached from where you operate."),
  RACK_CONCENTRATION(
      "Set node.rack on every node, and have as many racks as copies.",
      "docs/runbooks/rack-power.md"),
  PARTITION_OFFLINE(
      "Start the nodes that hold its replicas; if they are gone, naru partitions recover --dry-run.",
      "docs/runbooks/rack-power.md"),
  UNDER_REPLICATED(
      "Look at the followers that are out of sync: disk, links, load.",
      "docs/runbooks/isr-shrink.md"),
  RF_BELOW_3("Create topics that matter with --replication-factor 3."),
  MIN_ISR_EQUALS_RF(
      "Keep min.insync.replicas one below the replication factor: naru topics alter NAME --set min.insync.replicas=N."),
  DEFAULTS_DIFFER(
      "Give all nodes the same settings, but for those that are each one's own: naru config explain nodes/N KEY says where one comes from."),
  ONE_BOOTSTRAP_SERVER("Name two or more nodes in --bootstrap-servers."),
  UPGRADE_NOT_READY(
      "Bring all nodes to one release, one at a time: naru cluster upgrade check.",
      "docs/runbooks/upgrade.md"),
  FILE_LIMIT("Let a node open 100,000 files: LimitNOFILE in its systemd unit."),
  DISK_FILLING(
      "Add space or cut retention: naru topics alter NAME --set retention.ms=D.",
      "docs/runbooks/disk-full.md"),
  STORAGE_FAILED(
      "Replace the disk, then naru node format --replace.", "docs/runbooks/disk-full.md"),
  PAGE_CACHE_SHORT("Give the host more memory, or the JVM less: the rest is the page cache."),
  CLOCK_SKEW("Repair the time service of the nodes that are off."),
  PARTITION_SKEW(
      "naru topics describe NAME --load names partition and keys.", "docs/runbooks/key-skew.md"),
  GROUP_LAG("naru groups describe GROUP says where, and what to do.", "docs/guide/lag.md"),
  CERTIFICATE_EXPIRES("Renew the certificates of the nodes that are named.");

  private static final String PAGE = "docs/guide/doctor.md#";

  private final String remedy;
  private final String page;

  Check(String remedy) {
    this.remedy = remedy;
    this.page = PAGE + name().toLowerCase(Locale.ROOT);
  }

  Check(String remedy, String page) {
    this.remedy = remedy;
    this.page = page;
  }

  /** What to do about it. */
  public String remedy() {
    return remedy;
  }

  /** Where there is more to read, in the documentation. */
  public String page() {
    return page;
  }
}
