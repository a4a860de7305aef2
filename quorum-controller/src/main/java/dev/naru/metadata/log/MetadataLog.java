package dev.naru.metadata.log;

import dev.naru.metadata.chronicle.Journal;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.image.Outcome;
import dev.naru.types.Refused;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * The metadata log of one node. Every node applies the same commands in the same order; only the
 * active controller appends.
 */
public interface MetadataLog extends AutoCloseable {

  /**
   * Appends a command and completes with what was decided where it stands in the log. Completes
   * with {@link Outcome.NotAppended} on a node that is not the active controller of this term, and
   * fails with {@link OutcomeUnknownException} when this node stops to be it before the command was
   * applied.
   *
   * <p>Called by one thread, so that the order of calls is the order in the log. It does not time
   * out: the caller does. Commands may be completed on the log's own threads.
   */
  CompletableFuture<Outcome> submit(CommandEnvelope envelope);

  /** What this node has applied; it only moves forward. */
  Applied applied();

  /**
   * What this node can tell of the decisions in the log: as far as it has {@linkplain #applied
   * applied} it, if asked for after that. What came before a snapshot that it started from, or was
   * sent, it cannot tell.
   */
  Journal journal();

  /** Completes once the entry of this index has been applied here. */
  CompletableFuture<Applied> whenApplied(long index);

  /** From now on, and first from the empty image to the present one. */
  void subscribe(ImageSubscriber subscriber);

  /**
   * Sets the one who is told when this node becomes the active controller; it is told at once if it
   * is.
   */
  void follow(LeadershipListener listener);

  /** The quorum as this node knows it. */
  QuorumView quorum();

  /**
   * Up to which entry each member knows the log to be committed, by peer id, as far as this node,
   * or the leader that it follows, has heard; also long ago. Gathered anew from all members.
   */
  SortedMap<String, Long> reached();

  /**
   * How long ago, in milliseconds, it was certain that nobody else was the active controller: then
   * this node sent what a majority of the voters has answered since. Empty when this node is not
   * it, or has had no such answer. Cheap, from any thread.
   */
  OptionalLong confirmedMillisAgo();

  /**
   * Makes a node a listener of the quorum, or confirms that it is a member; on the active
   * controller only.
   */
  CompletableFuture<JoinOutcome> join(QuorumMember joiner);

  /**
   * Changes who votes; on the active controller only. Completes empty once it is so, or with why it
   * is not: if they would not be 1, 3 or 5, if a majority of them would not be alive, if who is to
   * vote does not serve or has not caught up, or if who is to vote no more is alive; then nothing
   * has changed. Only from one voter to more it takes several steps, each of which is judged: if a
   * later one is refused, the code may be retried, and the reason says who votes by then. After
   * {@code REQUEST_TIMEOUT} part of it may be so. One change is made at a time; a step of it takes
   * 40 s at most.
   *
   * @param isGivenUp whether whoever asked waits no more; asked by any thread when it is the
   *     change's turn, which then is dropped, as an operator may have asked for another since; not
   *     once it has left an even number of voters, from which it goes on
   */
  CompletableFuture<Optional<Refused>> changeVoters(VoterChange change, BooleanSupplier isGivenUp);

  @Override
  void close();
}
