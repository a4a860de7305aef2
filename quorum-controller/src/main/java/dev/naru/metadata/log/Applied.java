package dev.naru.metadata.log;

import dev.naru.metadata.image.ClusterImage;

/**
 * What a node has applied of the metadata log: every entry up to the index, and the image they
 * made. Entries without a command (a change of the quorum, the start of a term) move the index and
 * leave the image. Two nodes with the same index have equal images.
 */
public record Applied(long index, ClusterImage image) {

  /** Whether the entry of this index has been applied. */
  public boolean hasApplied(long entry) {
    return index >= entry;
  }
}
