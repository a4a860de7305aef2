package dev.naru.client;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Settings that are known and checked, and that nothing acts on in this release. Whoever sets one
 * to something else than its default would wait for an effect in vain, and is refused instead.
 */
final class SettingsToCome {

  private static final Map<String, Function<ClientProperties, Object>> BY_NAME =
      new LinkedHashMap<>();

  static {
    ofProducer("max.request.size", ProducerConfig::maxRequestSize);
    ofProducer("compression.gzip.level", config -> config.levels().gzip());
    ofProducer("compression.lz4.level", config -> config.levels().lz4());
    ofProducer("compression.zstd.level", config -> config.levels().zstd());
    ofProducer("partitioner.ignore.keys", ProducerConfig::ignoresKeys);
    ofProducer("key.hot.report", ProducerConfig::keyReporting);
    ofConsumer("client.rack", ConsumerConfig::rack);
    ofConsumer("check.crcs", ConsumerConfig::checksCrcs);
    ofConsumer("default.api.timeout.ms", ConsumerConfig::apiTimeout);
    ofGroup("group.id", GroupConfig::groupId);
    ofGroup("group.protocol", GroupConfig::protocol);
    ofGroup("group.instance.id", GroupConfig::instanceId);
    ofGroup("group.remote.assignor", GroupConfig::remoteAssignor);
    ofGroup("partition.assignment.strategy", GroupConfig::strategies);
    ofGroup("session.timeout.ms", GroupConfig::sessionTimeout);
    ofGroup("heartbeat.interval.ms", GroupConfig::heartbeatInterval);
    ofGroup("max.poll.interval.ms", GroupConfig::maxPollInterval);
    ofGroup("enable.auto.commit", GroupConfig::autoCommit);
    ofGroup("auto.commit.interval.ms", GroupConfig::autoCommitInterval);
  }

  private SettingsToCome() {}

  static void refuse(ClientProperties settings, PropertyValues values) {
    BY_NAME.forEach((name, value) ->
        Settings.require(
            value.apply(settings).equals(value.apply(ClientProperties.DEFAULTS)),
            name,
            "left at its default, because it has no effect in this release yet",
            values.text(name, "")));
  }

  private static void ofProducer(String name, Function<ProducerConfig, Object> value) {
    BY_NAME.put(name, settings -> value.apply(settings.producer()));
  }

  private static void ofConsumer(String name, Function<ConsumerConfig, Object> value) {
    BY_NAME.put(name, settings -> value.apply(settings.consumer()));
  }

  private static void ofGroup(String name, Function<GroupConfig, Object> value) {
    BY_NAME.put(name, settings -> value.apply(settings.consumer().group()));
  }
}
