package dev.naru.testing.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.Position;
import dev.naru.client.ProducerRecord;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.EventDescription;
import dev.naru.client.admin.EventFilter;
import dev.naru.client.admin.TopicChange;
import dev.naru.proto.admin.v1.Event;
import dev.naru.proto.admin.v1.EventAdminServiceGrpc;
import dev.naru.proto.admin.v1.ListEventsRequest;
import dev.naru.proto.admin.v1.WatchEventsRequest;
import dev.naru.proto.admin.v1.WatchEventsResponse;
import dev.naru.testing.Eventually;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the controller decides is told alike by every node, in every way, with its cause. */
class EventsTest {

  private static final String PARTITION = "topics/orders/partitions/0";

  @Test
  @Tag("S51")
  void areTheSameInAListInAWatchInTheTopicAndAtEveryNode() {
    try (var cluster = NaruCluster.of(3).start();
        var topics = new Topics(cluster);
        var naru = NaruClient.builder().bootstrapServers(cluster.bootstrapServers()).build()) {
      topics.create("orders", 1, 3);
      var events = naru.admin().events();
      var created =
          events
              .newest(1, EventFilter.ALL.withCodes(List.of("TOPIC_CREATED")))
              .join()
              .events()
              .getFirst();
      assertThat(created.resource()).isEqualTo("topics/orders");
      assertThat(ofFirstReader(naru)).contains(created.name());
      int killed = topics.leaderOf("orders", 0);
      int watched = killed % 3 + 1;
      var watch = new Watch();
      EventAdminServiceGrpc.newStub(topics.client(watched).channel())
          .watchEvents(WatchEventsRequest.getDefaultInstance(), watch);
      Eventually.allowing("a watch begins with a message", Duration.ofSeconds(5))
          .until("it has begun", watch.begun::isDone);
      watch.begun.join();

      naru.admin().alterTopic(TopicChange.of("orders").set("retention.ms", "7d")).join();
      cluster.kill(killed);
      Eventually.allowing("a killed node is noticed, and another one leads", Duration.ofSeconds(30))
          .until("the next leader is told of", () -> watch.firstElectedAfter(killed).isPresent());

      var altered = watch.first("TOPIC_ALTERED", "topics/orders").orElseThrow();
      assertThat(altered.getMessage())
          .isEqualTo("retention.ms of topic orders is 604800000, after none");
      assertThat(altered.getPrincipal()).endsWith("@127.0.0.1");
      var elected = watch.firstElectedAfter(killed).orElseThrow();
      assertThat(elected.getCauseMessage()).isEqualTo("node " + killed + " was fenced");
      assertThat(watch.first("NODE_FENCED", "nodes/" + killed)).isPresent();
      assertThat(watch.first("ISR_SHRUNK", PARTITION))
          .hasValueSatisfying(
              event -> assertThat(event.getLevel()).isEqualTo(Event.Level.LEVEL_WARN));

      var seen = List.copyOf(watch.events);
      var names = seen.stream().map(Event::getName).toList();
      assertThat(names).doesNotHaveDuplicates();
      assertThat(written(naru, names.getLast())).containsSubsequence(names).doesNotHaveDuplicates();
      Eventually.allowing("any node is asked, and each applies the same", Duration.ofSeconds(5))
          .untilAsserted(
              "it lists the same",
              () -> {
                var rest =
                    events.after(created.name(), EventFilter.ALL, Duration.ofSeconds(1)).join();
                assertThat(rest.events())
                    .extracting(EventDescription::name)
                    .containsSubsequence(names);
                assertThat(rest.knownAfter()).isEmpty();
              });
      int other = 6 - killed - watched;
      var stub = EventAdminServiceGrpc.newBlockingStub(topics.client(other).channel());
      var request = ListEventsRequest.newBuilder().setAfter(watch.begunAt).setPageSize(1_000);
      Eventually.allowing("the other node applies the same", Duration.ofSeconds(5))
          .untilAsserted(
              "it tells the same",
              () -> assertThat(stub.listEvents(request.build()).getEventsList()).containsAll(seen));
      assertThatThrownBy(() -> produce(naru))
          .hasCauseInstanceOf(NaruException.class)
          .hasMessageContaining("written and kept by Naru itself");
    }
  }

  /** Whoever is the first to look, and reads to the end, as {@code --exit-at-end} does. */
  private static List<String> ofFirstReader(NaruClient naru) {
    var names = new ArrayList<String>();
    try (var consumer = naru.consumer(Codec.utf8(), Codec.utf8()).build()) {
      var partition = new TopicPartition("__events", 0);
      consumer.assign(partition);
      consumer.seekToBeginning(partition);
      consumer.readUntil(Position.end());
      Eventually.allowing("the topic is made and written", Duration.ofSeconds(30))
          .until(
              "its end is reached",
              () -> {
                consumer
                    .poll(Duration.ofMillis(200))
                    .forEach(each -> names.add(String.valueOf(each.key())));
                return consumer.isAtStop();
              });
    }
    return names;
  }

  /** The names of the events in {@code __events}, up to this one. */
  private static List<String> written(NaruClient naru, String last) {
    var names = new ArrayList<String>();
    try (var consumer = naru.consumer(Codec.utf8(), Codec.utf8()).build()) {
      var partition = new TopicPartition("__events", 0);
      consumer.assign(partition);
      consumer.seekToBeginning(partition);
      Eventually.allowing("the topic is made and written", Duration.ofSeconds(30))
          .until(
              "it holds " + last,
              () -> {
                consumer
                    .poll(Duration.ofMillis(200))
                    .forEach(each -> names.add(String.valueOf(each.key())));
                return names.contains(last);
              });
    }
    return names;
  }

  private static void produce(NaruClient naru) throws Exception {
    try (var producer = naru.producer(Codec.utf8(), Codec.utf8()).build()) {
      producer.send(ProducerRecord.of("__events", "key", "value")).get(20, TimeUnit.SECONDS);
    }
  }

  /** What one watcher is told. */
  private static final class Watch implements StreamObserver<WatchEventsResponse> {

    final CompletableFuture<Boolean> begun = new CompletableFuture<>();
    final List<Event> events = new CopyOnWriteArrayList<>();
    volatile String begunAt = "";

    @Override
    public void onNext(WatchEventsResponse message) {
      if (!begun.isDone()) {
        begunAt = message.getPosition();
        begun.complete(true);
      }
      events.addAll(message.getEventsList());
    }

    @Override
    public void onError(Throwable cause) {
      begun.completeExceptionally(Status.fromThrowable(cause).asException());
    }

    @Override
    public void onCompleted() {}

    /** A slow machine may have had an election before the kill. */
    Optional<Event> firstElectedAfter(int leader) {
      return events.stream()
          .filter(event -> event.getCode().equals("LEADER_ELECTED"))
          .filter(event -> event.getResource().equals(PARTITION))
          .filter(event -> String.valueOf(leader).equals(event.getFieldsMap().get("leader_before")))
          .findFirst();
    }

    Optional<Event> first(String code, String resource) {
      return events.stream()
          .filter(event -> event.getCode().equals(code) && event.getResource().equals(resource))
          .findFirst();
    }
  }
}
