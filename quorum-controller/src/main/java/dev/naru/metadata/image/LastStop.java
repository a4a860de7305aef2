package dev.naru.metadata.image;

/** How a node's previous process ended. */
public enum LastStop {
  /** Every directory was closed without error: the clean marker was found. */
  CLEAN,
  /** A kill, a crash, a power loss, or the first start. */
  UNCLEAN
}
