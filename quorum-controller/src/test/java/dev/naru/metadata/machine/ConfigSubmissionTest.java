package dev.naru.metadata.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.AlterConfigs;
import dev.naru.metadata.command.AlterTopicConfigs;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.command.CreateTopics;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.DynamicSetting;
import dev.naru.metadata.image.TopicConfig;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

class ConfigSubmissionTest {

  private static final ClusterImage UNDER_VERSION_1 = TestCluster.of(1).image();

  /** Before the rules of which every setting of this release is a part. */
  private static final ClusterImage UNDER_OLDER_RULES = UNDER_VERSION_1.withMetadataVersion(0);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "flush|os|",
        "flush|never|Expected flush to be quorum or os, but was never",
        "colour|red|but was colour",
        "min.insync.replicas|4|",
      })
  void keepsOffTheLogWhatNoNodeWouldTake(String key, String value, String reason) {
    assertReason(ConfigSubmission.whyNot(UNDER_VERSION_1, ofCluster(key, value)), reason);
    assertReason(ConfigSubmission.whyNot(UNDER_VERSION_1, ofTopic(key, value)), reason);
    assertReason(ConfigSubmission.whyNot(UNDER_VERSION_1, ofNewTopic(key, value)), reason);
    assertReason(
        ConfigSubmission.whyNot(
            UNDER_VERSION_1,
            new CreateTopics(List.of(ofNewTopic("flush", "os"), ofNewTopic(key, value)))),
        reason);
  }

  /** As a release says it to which the setting is unknown, or two releases had two images. */
  @Test
  void knowsNoSettingThatCameWithLaterRules() {
    assertThat(ConfigSubmission.whyNot(UNDER_OLDER_RULES, ofTopic("flush", "os")))
        .map(Refused::reason)
        .contains("Expected a known setting, but was flush");
    assertThat(ConfigSubmission.whyNot(UNDER_OLDER_RULES, ofNewTopic("flush", "os")))
        .map(Refused::reason)
        .contains("Expected a known setting, but was flush");
    assertThat(ConfigSubmission.whyNot(UNDER_OLDER_RULES, ofCluster("flush", "os")))
        .map(Refused::reason)
        .contains("Expected a setting that can be changed while nodes run, but was flush");
    assertThat(TopicConfigRules.check(0, TreePMap.singleton("flush", "os"), 3))
        .isInstanceOf(TopicConfigRules.Checked.Bad.class);
  }

  @Test
  void knowsEverySettingUnderTheFirstRules() {
    assertThat(TopicConfig.keys(1)).hasSameSizeAs(TopicConfig.values());
    assertThat(DynamicSetting.keys(1)).hasSameSizeAs(DynamicSetting.values());
  }

  private static void assertReason(Optional<Refused> refused, String reason) {
    if (reason == null) {
      assertThat(refused).isEmpty();
    } else {
      assertThat(refused).map(Refused::reason).get().asString().contains(reason);
    }
  }

  private static AlterConfigs ofCluster(String key, String value) {
    return new AlterConfigs(
        Optional.empty(), TreePMap.singleton(key, value), TreePSet.empty(), Optional.empty(), "");
  }

  private static CreateTopic ofNewTopic(String key, String value) {
    return new CreateTopic(
        TopicId.of(1, 1),
        "orders",
        Optional.empty(),
        Optional.empty(),
        TreePMap.singleton(key, value),
        7);
  }

  private static AlterTopicConfigs ofTopic(String key, String value) {
    return new AlterTopicConfigs(
        TopicId.of(1, 1), TreePMap.singleton(key, value), TreePSet.empty(), Optional.empty());
  }
}
