package dev.naru.broker.partition;

import dev.naru.broker.replica.KnownLeader;
import dev.naru.broker.replica.ProduceKey;
import dev.naru.types.Refused;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where answers to clients go. Calls come from the partition's owner, must not block, and come
 * once.
 */
public interface Replies {

  /**
   * The batch is taken: appended, or committed if the request asked for that.
   *
   * @param appendMillis the time stamped on its records, when the topic stamps them
   */
  void produced(ProduceKey key, long firstOffset, OptionalLong appendMillis);

  /** What is known of a batch whose request is refused. */
  enum Appended {
    /** Nothing was appended for this request, and nothing will be. */
    NO,
    /** It may be in the log, and may stay there. */
    UNKNOWN
  }

  /**
   * The batch was refused, or its outcome is not known.
   *
   * @param appended the only proof: a leader that ends its role refuses what it has appended too
   * @param leader the leader this node knows, when it is not the leader itself
   */
  void refused(ProduceKey key, Refused why, Appended appended, Optional<KnownLeader> leader);

  /** Look again: there is something to read, or no use in waiting on. The fetch waits no more. */
  void fetchReady(FetchKey key);
}
