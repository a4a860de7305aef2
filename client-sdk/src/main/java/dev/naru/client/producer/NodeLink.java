package dev.naru.client.producer;

import dev.naru.client.core.RetryPolicy;
import dev.naru.client.transport.Channels;
import dev.naru.client.transport.ClientLoop;
import dev.naru.client.transport.ProduceStream;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The produce stream to one node, what is unanswered on it, and who waits for room. Opens the
 * stream when it is needed, again after a break, and tells its owner what happens. Owned by the
 * loop.
 */
final class NodeLink {

  private static final Logger LOG = LoggerFactory.getLogger(NodeLink.class);

  /** As much as keeps a node busy while its answers travel. */
  private static final long SATURATING_BYTES = 1 << 20;

  private final NodeId node;
  private final Channels channels;
  private final ClientLoop loop;
  private final Events events;
  private final RequestIds requestIds;
  private final long inflightBytesMax;
  private final RetryPolicy retry;
  private final RandomGenerator dice;
  private final Map<Long, Unanswered> unanswered = new LinkedHashMap<>(); // in the order of sending
  private final Set<Lane> waiting = new LinkedHashSet<>();
  private HostPort address;
  private @Nullable ProduceStream stream;
  private int openings; // tells the present stream's end from that of one given up before
  private long inflightBytes;
  private int failures;
  private long notBeforeNanos;

  NodeLink(
      NodeId node,
      HostPort address,
      Channels channels,
      ClientLoop loop,
      long inflightBytesMax,
      RetryPolicy retry,
      RandomGenerator dice,
      RequestIds requestIds,
      Events events) {
    this.node = node;
    this.address = address;
    this.channels = channels;
    this.loop = loop;
    this.inflightBytesMax = inflightBytesMax;
    this.retry = retry;
    this.dice = dice;
    this.requestIds = requestIds;
    this.events = events;
    this.notBeforeNanos = loop.nanoTime();
  }

  NodeId node() {
    return node;
  }

  HostPort address() {
    return address;
  }

  /** The node came back elsewhere. */
  void moveTo(HostPort current) {
    address = current;
    breakOff("Expected " + node + " where it was, but it is at " + current + " now");
  }

  /** Whether the next batch would only wait there. */
  boolean isSaturated() {
    return inflightBytes >= SATURATING_BYTES;
  }

  /** Whether a batch can go out now. If not, the lane is told when to try again. */
  boolean admits(Lane lane) {
    var open = stream;
    if (open != null && hasRoom(open)) {
      return true;
    }
    waiting.add(lane);
    if (open == null && loop.nanoTime() - notBeforeNanos >= 0) { // else it is scheduled already
      open();
    }
    return false;
  }

  private boolean hasRoom(ProduceStream open) {
    return open.isReady() && inflightBytes < inflightBytesMax;
  }

  private void open() {
    LOG.debug("Connecting to node {} at {} to produce", node, address);
    stream = ProduceStream.open(channels, address, new Listener(++openings));
  }

  /** Sends a batch. */
  void send(Lane lane, Batch batch, ProduceStream.Request request) {
    int bytes = batch.bytes().size();
    unanswered.put(request.requestId(), new Unanswered(lane, bytes, loop.nanoTime()));
    inflightBytes += bytes;
    sendUnanswered(request);
  }

  /** Sends a batch that nobody will answer. */
  void sendUnanswered(ProduceStream.Request request) {
    if (stream != null) {
      stream.send(request);
    }
  }

  long nextRequestId() {
    return requestIds.next();
  }

  /** Whose request this was. Null for one that is not known, which no honest node answers. */
  @Nullable Lane answered(long requestId) {
    var request = unanswered.remove(requestId);
    if (request == null) {
      return null;
    }
    inflightBytes -= request.bytes;
    failures = 0;
    return request.lane;
  }

  /**
   * Serves the lanes that wait, eldest first, each once, until there is no room left: thousands may
   * wait for what a few will take. Without a stream all are served: their leaders may be elsewhere.
   */
  void serveWaiting(Consumer<Lane> serve) {
    for (int left = waiting.size(); left > 0 && !waiting.isEmpty(); left--) {
      var open = stream;
      if (open != null && !hasRoom(open)) {
        return;
      }
      var eldest = waiting.iterator();
      var lane = eldest.next();
      eldest.remove(); // first: being served it may begin to wait again, behind the others
      serve.accept(lane);
    }
  }

  /** The lanes that wait for room, or for the stream to open. */
  Collection<Lane> waiting() {
    return waiting;
  }

  void forget(Collection<Lane> lanes) {
    waiting.removeAll(lanes);
  }

  /** When the oldest unanswered batch was sent. */
  OptionalLong oldestSentNanos() {
    return unanswered.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(unanswered.values().iterator().next().sentNanos);
  }

  /** Gives the stream up, as if it had broken. */
  void breakOff(String why) {
    var open = stream;
    if (open != null) {
      onClosed(openings, new Refused(ErrorCode.REQUEST_TIMEOUT, why));
      open.cancel(why);
    }
  }

  private void onClosed(int opening, Refused why) {
    if (opening != openings || stream == null) {
      return;
    }
    LOG.debug("The stream to node {} at {} broke: {}", node, address, why.reason());
    stream = null;
    failures++;
    long wait = retry.waitNanos(failures, dice);
    notBeforeNanos = loop.nanoTime() + wait;
    loop.schedule(wait, () -> events.onRoom(this));
    var lanes = new LinkedHashSet<Lane>();
    unanswered.values().forEach(request -> lanes.add(request.lane));
    unanswered.clear();
    inflightBytes = 0;
    events.onBroken(this, lanes, why);
  }

  /** What the owner hears, on the loop. */
  interface Events {

    /** Some batches were taken or refused. */
    void onAnswers(NodeLink link, List<ProduceStream.Answer> answers);

    /** Waiting lanes may try again. */
    void onRoom(NodeLink link);

    /** No answer will come for what these lanes have on their way. */
    void onBroken(NodeLink link, Collection<Lane> lanes, Refused why);
  }

  private record Unanswered(Lane lane, int bytes, long sentNanos) {}

  /** Brings what the event loop says to the loop. */
  private final class Listener implements ProduceStream.Listener {

    private final int opening;

    Listener(int opening) {
      this.opening = opening;
    }

    @Override
    public void onAnswers(List<ProduceStream.Answer> answers) {
      loop.execute(() -> events.onAnswers(NodeLink.this, answers));
    }

    @Override
    public void onReady() {
      loop.execute(() -> events.onRoom(NodeLink.this));
    }

    @Override
    public void onClosed(Refused why) {
      loop.execute(() -> NodeLink.this.onClosed(opening, why));
    }
  }
}
