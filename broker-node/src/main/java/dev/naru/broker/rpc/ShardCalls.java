package dev.naru.broker.rpc;

import dev.naru.broker.coordinator.GroupShard;
import dev.naru.broker.coordinator.ShardInput;
import dev.naru.broker.loop.PartitionSeat;
import dev.naru.broker.partition.PartitionInput.TenantAsked;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Asks the coordinators on this node and waits for what they say. For threads that may wait. */
final class ShardCalls {

  /** Where a group is coordinated, if that is here. */
  sealed interface Place {

    /** Here; false when there is no room for the question. */
    record Here(Predicate<TenantAsked> door) implements Place {}

    /** Not here, and why. */
    record Elsewhere(Refused why) implements Place {}
  }

  private final Function<String, Place> places;
  private final Supplier<SortedMap<Integer, Predicate<TenantAsked>>> led;

  /**
   * Asks through these doors.
   *
   * @param places of groups
   * @param led the partitions of the groups' topic that are led here, by number
   */
  ShardCalls(
      Function<String, Place> places, Supplier<SortedMap<Integer, Predicate<TenantAsked>>> led) {
    this.places = places;
    this.led = led;
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
        });
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

  /** What each coordinator here says, by the number of its partition. All are asked at once. */
  <T> SortedMap<Integer, T> askAll(
      Function<Consumer<T>, ShardInput> question, Function<Refused, T> refused) {
    var asked = new TreeMap<Integer, CompletableFuture<T>>();
    led.get().forEach((number, door) -> asked.put(number, ask(door, question, refused)));
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

  private static <T> T await(CompletableFuture<T> answer) {
    return Deadlines.await(
        answer, fault -> new Refused(ErrorCode.INTERNAL, "Expected an answer, but: " + fault));
  }
}
