package dev.naru.client.core;

/**
 * What a leader knows a batch by: whose it is, and which of that producer's records for this
 * partition come first in it. A batch that may be stored keeps its stamp for ever: under another
 * one it would be stored twice.
 *
 * @param id the producer's, drawn by the cluster
 * @param epoch of this producer in this partition; rises when its numbers begin anew
 * @param sequence of the batch's first record, from zero
 */
public record ProducerStamp(long id, short epoch, int sequence) {

  /** Refuses what no leader takes. */
  public ProducerStamp {
    if (id < 0 || epoch < 0 || sequence < 0) {
      throw new IllegalArgumentException(
          "Expected a producer's id, epoch and sequence >= 0, but were "
              + id
              + ", "
              + epoch
              + " and "
              + sequence);
    }
  }
}
