package dev.naru.broker.rpc;

import dev.naru.broker.coordinator.GroupShard;
import dev.naru.broker.coordinator.ShardInput;
import dev.naru.broker.loop.PartitionSeat;
import dev.naru.broker.partition.PartitionInput.TenantAsked;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Asks the coordinators on this node and waits for what they say. For threads that may wait. */
final class ShardCalls {

  /** Of one of many: it commits a batch of a few bytes. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(2);

  /** Where a group is coordinated, if that is here. */
  sealed interface Place {

    /** Here; false when there is no room for the question. */
    record Here(Predicate<TenantAsked> door) implements Place {}

    /** Not here, and why. */
    record Elsewhere(Refused why) implements Place {}
  }

  private final Function<String, Place> places;
  private final Supplier<SortedMap<Integer, Predicate<TenantAsked>>> led;
  private final Duration answerMax;

  /**
   * Asks through these doors.
   *
   * @param places of groups
   * @param led the partitions of the groups' topic that are led here, by number
   * @param answerMax what one of many may take
   */
  ShardCalls(
      Function<String, Place> places,
      Supplier<SortedMap<Integer, Predicate<TenantAsked>>> led,
      Duration answerMax) {
    this.places = places;
    this.led = led;
    this.answerMax = answerMax;
  }

  /** Asks those that sit there. */
  static ShardCalls on(CoordinatorSeats seats) {
    return new ShardCalls(
        group ->
            switch (seats.find(group)) {
              case CoordinatorSeats.Found.Here(var seat) -> new Place.Here(door(seat));
              case CoordinatorSeats.Found.Elsewhere(var why) -> new Place.Elsewhere(why);
            },
        () -> {
          var doors = new TreeMap<Integer, Predicate<TenantAsked>>();
          seats.led().forEach((number, seat) -> doors.put(number, door(seat)));
          return doors;
        },
        ANSWER_MAX);
  }

  /** Nobody may sit there any more when the question is taken; then it is answered all the same. */
  private static Predicate<TenantAsked> door(PartitionSeat seat) {
    return asked ->
        seat.ask(
            asked,
            () -> {
              if (seat.view().isEmpty()) {
                asked
                    .refused()
                    .accept(
                        new Refused(
                            ErrorCode.NOT_LEADER,
                            "Expected the coordinator, but %s has left this node"
                                .formatted(seat.id())));
              }
            });
  }

  /** What the coordinator of the group says; the refusal, if that is not here. */
  <T> T ask(
      String group, Function<Consumer<T>, ShardInput> question, Function<Refused, T> refused) {
    return switch (places.apply(group)) {
      case Place.Elsewhere(var why) -> refused.apply(why);
      case Place.Here(var door) -> await(ask(door, question, refused));
    };
  }

  /**
   * What each coordinator here says, by the number of its partition. All are asked at once, and one
   * that cannot commit now keeps nobody waiting for the others.
   */
  <T> SortedMap<Integer, T> askAll(
      Function<Consumer<T>, ShardInput> question, Function<Refused, T> refused) {
    var asked = new TreeMap<Integer, CompletableFuture<T>>();
    led.get()
        .forEach((number, door) ->
            asked.put(
                number,
                ask(door, question, refused)
                    .completeOnTimeout(
                        refused.apply(late()), answerMax.toMillis(), TimeUnit.MILLISECONDS)));
    var answers = new TreeMap<Integer, T>();
    asked.forEach((number, answer) -> answers.put(number, await(answer)));
    return answers;
  }

  private static <T> CompletableFuture<T> ask(
      Predicate<TenantAsked> door,
      Function<Consumer<T>, ShardInput> question,
      Function<Refused, T> refused) {
    var answer = new CompletableFuture<T>();
    var input = question.apply(answer::complete);
    if (!door.test(new TenantAsked(input, why -> GroupShard.refuse(input, why)))) {
      answer.complete(
          refused.apply(
              new Refused(
                  ErrorCode.COORDINATOR_NOT_AVAILABLE,
                  "Expected room in the queue of the coordinator, but it is full")));
    }
    return answer;
  }

  private Refused late() {
    return new Refused(
        ErrorCode.COORDINATOR_NOT_AVAILABLE,
        "Expected an answer within %d ms, but there is none".formatted(answerMax.toMillis()));
  }

  private static <T> T await(CompletableFuture<T> answer) {
    return Deadlines.await(
        answer, fault -> new Refused(ErrorCode.INTERNAL, "Expected an answer, but: " + fault));
  }
}
