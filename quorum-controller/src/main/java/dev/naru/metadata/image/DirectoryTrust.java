package dev.naru.metadata.image;

/** Whether what a data directory holds may count for a place in the ELR. */
public enum DirectoryTrust {
  /** The image knew it and it was there when the node was last unfenced. */
  TRUSTED,
  /** New, emptied, or a restored old copy: its logs may lack what the node once acknowledged. */
  UNTRUSTED
}
