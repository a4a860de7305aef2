package dev.naru.client.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.fake.FakeCluster;
import dev.naru.types.ErrorCode;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConfigsTest {

  private final FakeCluster cluster = FakeCluster.of(3);
  private final NaruClient naru =
      NaruClient.builder().bootstrapServers(cluster.addresses()).build();
  private final Configs configs = naru.admin().configs();

  @AfterEach
  void close() {
    naru.close();
    cluster.close();
  }

  @Test
  void asksANodeItselfForWhatItWasStartedWith() {
    for (int node = 1; node <= 3; node++) {
      var subject = ConfigSubject.node(node);

      assertThat(configs.describe(subject).join().setting("node.asked").orElseThrow().value())
          .isEqualTo(Integer.toString(node));
      assertThat(configs.explain(subject, "node.rack").join().value())
          .isEqualTo(Integer.toString(node));
    }
  }

  @Test
  void letsANodeItselfChangeItsSettings() {
    for (int node = 1; node <= 3; node++) {
      var change = ConfigChange.of(ConfigSubject.node(node)).unset("disk.used.ratio.max");

      assertThat(configs.alter(change).join().setting("node.asked").orElseThrow().value())
          .isEqualTo(Integer.toString(node));
      assertThat(configs.validateAlter(change).join().setting("node.asked").orElseThrow().value())
          .isEqualTo(Integer.toString(node));
    }
  }

  @Test
  void letsAnybodyChangeANodeThatIsNotThere() {
    cluster.kill(2);

    for (int i = 0; i < 3; i++) {
      var change = ConfigChange.of(ConfigSubject.node(2)).unset("disk.used.ratio.max");
      assertThat(configs.alter(change).join().setting("node.asked").orElseThrow().value())
          .isNotEqualTo("2");
      assertThat(configs.describe(ConfigSubject.node(2)).join().setting("node.asked")).isPresent();
    }
  }

  @Test
  void asksAnybodyForANodeThatIsNotRegistered() {
    assertThat(configs.describe(ConfigSubject.node(9)).join().subject().name())
        .isEqualTo("nodes/9");
  }

  @Test
  void sendsWhatIsSetAndNamesWhatIsUnset() {
    var change =
        ConfigChange.of(ConfigSubject.topic("orders"))
            .set("retention.ms", "1d")
            .unset("segment.ms");

    var changed = configs.alter(change).join();

    assertThat(changed.subject()).isEqualTo(ConfigSubject.topic("orders"));
    assertThat(changed.etag()).isEqualTo("new");
    assertThat(changed.setting("retention.ms").orElseThrow().value()).isEqualTo("1d");
    assertThat(changed.setting("segment.ms").orElseThrow().value()).isEqualTo("unset");
    assertThat(configs.validateAlter(change).join().etag()).isEmpty();
  }

  @Test
  void failsWhenTheSubjectIsNoLongerAsItWasSeen() {
    var seen = configs.describe(ConfigSubject.cluster()).join();
    var change = ConfigChange.of(ConfigSubject.cluster()).set("flush", "os");
    var old = new ConfigDescription(seen.subject(), "old", seen.settings(), seen.warnings(), 1);

    assertThat(configs.alter(change.ifStill(seen)).join().etag()).isEqualTo("new");
    var failure =
        catchThrowableOfType(
            CompletionException.class, () -> configs.alter(change.ifStill(old)).join());
    assertThat(failure)
        .cause()
        .isInstanceOfSatisfying(
            NaruException.class, why -> assertThat(why.code()).isEqualTo(ErrorCode.ETAG_MISMATCH));
  }

  @Test
  void tellsWhereAValueComesFrom() {
    var setting =
        configs.explain(ConfigSubject.cluster(), "flush").join().layers().iterator().next();

    assertThat(setting.source()).isEqualTo(ConfigSetting.Source.FILE);
    assertThat(setting.detail()).isEqualTo("line 4");
    assertThat(setting.principal()).isEmpty();
    assertThat(setting.changed()).isEmpty();
  }
}
