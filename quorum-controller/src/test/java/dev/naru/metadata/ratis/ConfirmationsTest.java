package dev.naru.metadata.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.util.Timestamp;
import org.junit.jupiter.api.Test;

class ConfirmationsTest {

  private static final RaftPeerId SELF = RaftPeerId.valueOf("n1");

  private final Confirmations confirmations = new Confirmations();
  private final Follower second = new Follower("n2");
  private final Follower third = new Follower("n3");

  @Test
  void aTimeThatRatisBeginsWithIsNoAnswer() {
    confirmations.follow(second.info);
    confirmations.follow(third.info);

    assertThat(confirmations.millisAgo(members("n1", "n2", "n3"), SELF)).isEmpty();
  }

  @Test
  void oneAnswerAndTheLeaderAreAMajorityOfThree() {
    confirmations.follow(second.info);
    confirmations.follow(third.info);
    second.answersWhatWasSent(70);

    assertThat(confirmations.millisAgo(members("n1", "n2", "n3"), SELF).orElseThrow())
        .isBetween(71L, 10_000L);
  }

  @Test
  void anAnswerOfALaterTermConfirmsNothing() {
    confirmations.follow(second.info);
    confirmations.follow(third.info);
    second.answersWhatWasSent(0);

    confirmations.unfollow(second.info);

    assertThat(confirmations.millisAgo(members("n1", "n2", "n3"), SELF)).isEmpty();
  }

  @Test
  void whoIsFollowedAnewIsNotUnfollowedByItsOldAnswer() {
    var again = new Follower("n2");
    confirmations.follow(second.info);
    confirmations.follow(again.info);
    again.answersWhatWasSent(0);

    confirmations.unfollow(second.info);

    assertThat(confirmations.millisAgo(members("n1", "n2", "n3"), SELF)).isPresent();
  }

  @Test
  void twoOfFiveAndTheLeaderConfirmAndTheOlderAnswerCounts() {
    confirmations.follow(second.info);
    confirmations.follow(third.info);
    second.answersWhatWasSent(0);
    assertThat(confirmations.millisAgo(members("n1", "n2", "n3", "n4", "n5"), SELF)).isEmpty();

    third.answersWhatWasSent(500);

    assertThat(confirmations.millisAgo(members("n1", "n2", "n3", "n4", "n5"), SELF).orElseThrow())
        .isGreaterThan(500);
  }

  /** What Ratis knows of a follower, as far as it is asked. */
  private static final class Follower {

    private Timestamp sent = Timestamp.currentTime().addTimeMs(-600);
    private final FollowerInfo info;

    Follower(String id) {
      this.info =
          saying(
              FollowerInfo.class,
              Map.of(
                  "getId",
                  () -> RaftPeerId.valueOf(id),
                  "getLastRespondedAppendEntriesSendTime",
                  () -> sent));
    }

    void answersWhatWasSent(long millisAgo) {
      sent = Timestamp.currentTime().addTimeMs(-millisAgo);
    }
  }

  private static RaftConfiguration members(String... ids) {
    Collection<RaftPeer> peers =
        List.of(ids).stream().map(id -> RaftPeer.newBuilder().setId(id).build()).toList();
    return saying(
        RaftConfiguration.class,
        Map.of("getCurrentPeers", () -> peers, "getPreviousPeers", List::of));
  }

  /** Answers these methods, and fails for any other. */
  private static <T> T saying(Class<T> type, Map<String, Supplier<Object>> answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "equals" ->
                      System.identityHashCode(proxy) == System.identityHashCode(arguments[0]);
                  case "hashCode" -> System.identityHashCode(proxy);
                  default -> {
                    var answer = answers.get(method.getName());
                    if (answer == null) {
                      throw new UnsupportedOperationException(method.getName());
                    }
                    yield answer.get();
                  }
                }));
  }
}
