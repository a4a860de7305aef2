package dev.naru.broker.rpc;

import dev.naru.metadata.codec.CommandCodec;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.command.CreateTopics;
import dev.naru.metadata.image.TopicImage;
import dev.naru.metadata.log.Applied;
import dev.naru.metadata.machine.Decision;
import dev.naru.metadata.machine.MetadataMachine;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Creates many topics by as few changes as they fit into. */
final class TopicBatch {

  /** Of a field that is no text; of a text what comes before it. */
  private static final long FIELD_BYTES_MAX = 24;

  /** More than a topic and what it is wrapped in have. */
  private static final long FIELDS = 20;

  private final NodeId self;
  private final Function<CreateTopics, Applied> changes;
  private final LongSupplier wallMillis;

  /** Makes changes by this function, which gives what this node has applied with them in it. */
  TopicBatch(NodeId self, Function<CreateTopics, Applied> changes, LongSupplier wallMillis) {
    this.self = self;
    this.changes = changes;
    this.wallMillis = wallMillis;
  }

  /** What became of one. */
  sealed interface Result {

    /** It is there, in what was applied. */
    record Created(Applied applied, TopicImage topic) implements Result {}

    /** It is not. */
    record Refusal(Refused why) implements Result {}
  }

  /**
   * What became of each, under its key. Repeats what had no room in one entry of the log: of what
   * is sent again the first always has.
   *
   * @throws io.grpc.StatusRuntimeException if nothing is known of some in time
   */
  Map<Integer, Result> create(Map<Integer, CreateTopic> wanted) {
    var left = new TreeMap<>(wanted);
    var results = new TreeMap<Integer, Result>();
    while (!left.isEmpty()) {
      var applied = changes.apply(new CreateTopics(firstThatFit(left.values())));
      left.forEach((key, command) ->
          resultOf(applied, command).ifPresent(result -> results.put(key, result)));
      left.keySet().removeAll(results.keySet());
    }
    return results;
  }

  /** At least one: a topic that is too large by itself is refused as it would be alone. */
  private List<CreateTopic> firstThatFit(Collection<CreateTopic> commands) {
    if (commands.stream().mapToLong(TopicBatch::bytesMax).sum() <= CommandCodec.ENCODED_BYTES_MAX) {
      return List.copyOf(commands); // nearly always, and nobody encodes each to find that out
    }
    var fitting = new ArrayList<CreateTopic>();
    int bytes = 0;
    for (var command : commands) {
      bytes += CommandCodec.encode(envelope(command)).length;
      if (!fitting.isEmpty() && bytes > CommandCodec.ENCODED_BYTES_MAX) {
        break;
      }
      fitting.add(command);
    }
    return fitting;
  }

  /** Not less than it takes when encoded alone: three bytes for a character, at the most. */
  private static long bytesMax(CreateTopic command) {
    long chars = (long) command.name().length() + command.principal().length();
    for (var config : command.configs().entrySet()) {
      chars += FIELD_BYTES_MAX + config.getKey().length() + config.getValue().length();
    }
    return FIELDS * FIELD_BYTES_MAX + 3 * chars;
  }

  private CommandEnvelope envelope(CreateTopic command) {
    return new CommandEnvelope(
        self, CommandEnvelope.UNREGISTERED, 0, wallMillis.getAsLong(), command);
  }

  /** Empty if it could be made now: there was no room, or what stood in its way has gone. */
  private Optional<Result> resultOf(Applied applied, CreateTopic command) {
    var topic =
        applied.image().topic(command.id()).filter(made -> made.name().equals(command.name()));
    if (topic.isPresent()) {
      return Optional.of(new Result.Created(applied, topic.get()));
    }
    return MetadataMachine.decide(applied.image(), applied.index() + 1, envelope(command))
            instanceof Decision.Refusal(var why)
        ? Optional.of(new Result.Refusal(why))
        : Optional.empty();
  }
}
