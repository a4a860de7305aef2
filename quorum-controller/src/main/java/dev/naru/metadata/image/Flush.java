package dev.naru.metadata.image;

/** What a replica counts as its own towards the high watermark. */
public enum Flush {
  /** Its durable end: what is fsynced. */
  QUORUM,
  /** Its end: the page cache counts. */
  OS
}
