package dev.naru.client.consumer;

import dev.naru.client.core.Reading;
import dev.naru.client.core.RetryPolicy;
import dev.naru.client.transport.Channels;
import dev.naru.client.transport.FetchStream;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The fetch stream to one node and what is asked on it. Owned by the consumer's thread. */
final class FetchLink {

  private static final Logger LOG = LoggerFactory.getLogger(FetchLink.class);

  private final NodeId node;
  private final HostPort address;
  private final Channels channels;
  private final Inbox inbox;
  private final Events events;
  private final RetryPolicy retry;
  private final RandomGenerator dice;
  private final Map<Long, Asked> asked = new LinkedHashMap<>(); // by request id, oldest first
  private @Nullable FetchStream stream;
  private int openings; // tells the present stream's end from that of one given up before
  private long nextRequestId = 1;
  private int failures;
  private long notBeforeNanos;

  FetchLink(
      NodeId node,
      HostPort address,
      Channels channels,
      Inbox inbox,
      RetryPolicy retry,
      RandomGenerator dice,
      long nowNanos,
      Events events) {
    this.node = node;
    this.address = address;
    this.channels = channels;
    this.inbox = inbox;
    this.retry = retry;
    this.dice = dice;
    this.notBeforeNanos = nowNanos;
    this.events = events;
  }

  HostPort address() {
    return address;
  }

  /** When it may be used, after a break. */
  long notBeforeNanos() {
    return notBeforeNanos;
  }

  /** The question that has waited longest. */
  Optional<Asked> oldest() {
    return asked.isEmpty() ? Optional.empty() : Optional.of(asked.values().iterator().next());
  }

  Collection<Asked> allAsked() {
    return asked.values();
  }

  /** What the answers to come may add to what is held. */
  long bytesLeft() {
    return asked.values().stream().mapToLong(Asked::bytesLeft).sum();
  }

  long nextRequestId() {
    return nextRequestId++;
  }

  void send(FetchStream.Request request, Asked question) {
    var open = stream;
    if (open == null) {
      LOG.debug("Connecting to node {} at {} to fetch", node, address);
      open = FetchStream.open(channels, address, new Listener(++openings));
      stream = open;
    }
    asked.put(request.requestId(), question);
    open.send(request);
  }

  /** Gives the stream up, as if it had broken. */
  void breakOff(String why, long nowNanos) {
    var open = stream;
    if (open != null) {
      onClosed(openings, new Refused(ErrorCode.REQUEST_TIMEOUT, why), nowNanos);
      open.cancel(why);
    }
  }

  private void onMessage(long requestId, Optional<FetchStream.Part> part, boolean isLast) {
    var question = asked.get(requestId);
    if (question == null) {
      return; // it was given up
    }
    part.ifPresent(of -> events.onPart(question, of));
    if (isLast) {
      failures = 0;
      asked.remove(requestId);
      events.onLast(question);
    }
  }

  private void onClosed(int opening, Refused why, long nowNanos) {
    if (opening != openings || stream == null) {
      return;
    }
    LOG.debug("The stream to node {} at {} broke: {}", node, address, why.reason());
    stream = null;
    notBeforeNanos = nowNanos + retry.waitNanos(++failures, dice);
    var unanswered = List.copyOf(asked.values());
    asked.clear();
    events.onBroken(unanswered);
  }

  /** What the owner hears, on the consumer's thread. */
  interface Events {

    /** A part of an answer came. */
    void onPart(Asked asked, FetchStream.Part part);

    /** An answer is complete. */
    void onLast(Asked asked);

    /** These will not be answered. */
    void onBroken(Collection<Asked> unanswered);

    /** The monotonic clock. */
    long nanoTime();
  }

  /** A question: for whom, in which generation, until when, and how much may still come. */
  static final class Asked {

    private final Map<PartitionId, Part> parts;
    private final long sentNanos;
    private final long waitNanos;
    private long bytesLeft;

    Asked(Map<PartitionId, Part> parts, long sentNanos, long waitNanos, long bytesMax) {
      this.parts = parts;
      this.sentNanos = sentNanos;
      this.waitNanos = waitNanos;
      this.bytesLeft = bytesMax;
    }

    Map<PartitionId, Part> parts() {
      return parts;
    }

    /** When the node answers at the latest, with nothing if need be. */
    long dueNanos() {
      return sentNanos + waitNanos;
    }

    /** What this may still add to what is held. */
    long bytesLeft() {
      return bytesLeft;
    }

    void came(long bytes) {
      bytesLeft = Math.max(bytesLeft - bytes, 0);
    }

    /** For which reading, as it was then. */
    record Part(Reading reading, int generation) {

      boolean isWanted() {
        return reading.isFetching() && reading.generation() == generation;
      }
    }
  }

  /** Brings what the event loop says to the consumer's thread. */
  private final class Listener implements FetchStream.Listener {

    private final int opening;

    Listener(int opening) {
      this.opening = opening;
    }

    @Override
    public void onMessage(long requestId, Optional<FetchStream.Part> part, boolean isLast) {
      inbox.put(() -> FetchLink.this.onMessage(requestId, part, isLast));
    }

    @Override
    public void onClosed(Refused why) {
      inbox.put(() -> FetchLink.this.onClosed(opening, why, events.nanoTime()));
    }
  }
}
