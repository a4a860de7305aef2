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
}
