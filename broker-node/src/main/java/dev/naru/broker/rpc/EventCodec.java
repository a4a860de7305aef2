package dev.naru.broker.rpc;

import com.google.protobuf.Timestamp;
import dev.naru.metadata.chronicle.ClusterEvent;
import dev.naru.metadata.chronicle.ClusterEventCode;
import dev.naru.metadata.chronicle.EventId;
import dev.naru.metadata.chronicle.EventLevel;
import dev.naru.proto.admin.v1.Event;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Events as the admin API shows them. */
final class EventCodec {

  /** The first and the last second that a protobuf timestamp may name. */
  private static final long SECONDS_MIN = -62_135_596_800L;

  private static final long SECONDS_MAX = 253_402_300_799L;

  private EventCodec() {}

  /**
   * The event, or the place between two, that a field of a request names; nothing if it is empty.
   *
   * @throws io.grpc.StatusRuntimeException INVALID_REQUEST if it names nothing of the kind
   */
  static Optional<EventId> idIn(String name, String field) {
    if (name.isEmpty()) {
      return Optional.empty();
    }
    var id = EventId.named(name);
    if (id.isEmpty()) {
      throw ErrorStatus.ofField(
          new Refused(
              ErrorCode.INVALID_REQUEST,
              "Expected the name of an event, such as events/4711.0, but was " + name),
          field);
    }
    return id;
  }

  /**
   * Which events have one of these codes; all if there is none.
   *
   * @throws io.grpc.StatusRuntimeException INVALID_REQUEST for a code that there is not
   */
  static Predicate<ClusterEvent> wanted(List<String> codes) {
    Set<ClusterEventCode> wanted = EnumSet.noneOf(ClusterEventCode.class);
    for (var code : codes) {
      wanted.add(
          ClusterEventCode.named(code)
              .orElseThrow(() ->
                  ErrorStatus.ofField(
                      new Refused(
                          ErrorCode.INVALID_REQUEST,
                          "Expected a code of docs/EVENTS.md, such as ISR_SHRUNK, but was " + code),
                      "codes")));
    }
    return wanted.isEmpty() ? event -> true : event -> wanted.contains(event.code());
  }

  static Event event(ClusterEvent event) {
    var message =
        Event.newBuilder()
            .setName(event.id().name())
            .setIndex(event.id().index())
            .setOrdinal(event.id().ordinal())
            .setCreateTime(time(event.atMillis()))
            .setCode(event.code().name())
            .setLevel(level(event.code().level()))
            .setResource(event.subject().resource())
            .setMessage(event.message())
            .setCause(event.cause().name())
            .setCauseMessage(event.because())
            .setPrincipal(event.principal());
    event.fields().forEach(field -> message.putFields(field.name(), field.text()));
    return message.build();
  }

  /**
   * Milliseconds of the epoch.
   *
   * @throws io.grpc.StatusRuntimeException INVALID_REQUEST for what is no time of the years 1 to
   *     9999
   */
  static long millis(Timestamp time, String field) {
    if (time.getSeconds() < SECONDS_MIN || time.getSeconds() > SECONDS_MAX) {
      throw ErrorStatus.ofField(
          new Refused(
              ErrorCode.INVALID_REQUEST,
              "Expected a time of the years 1 to 9999, but was %d s after 1970"
                  .formatted(time.getSeconds())),
          field);
    }
    return time.getSeconds() * 1_000 + time.getNanos() / 1_000_000;
  }

  private static Event.Level level(EventLevel level) {
    return switch (level) {
      case INFO -> Event.Level.LEVEL_INFO;
      case WARN -> Event.Level.LEVEL_WARN;
      case ERROR -> Event.Level.LEVEL_ERROR;
    };
  }

  private static Timestamp time(long millis) {
    return Timestamp.newBuilder()
        .setSeconds(Math.floorDiv(millis, 1_000L))
        .setNanos((int) Math.floorMod(millis, 1_000L) * 1_000_000)
        .build();
  }
}
