package dev.naru.broker.config;

import dev.naru.metadata.image.DynamicSetting;
import dev.naru.types.Setting;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Which settings a configuration record has, read from its annotations. */
public final class SettingKeys {

  private static final SortedMap<String, NodeSetting> OF_NODES = of(NodeConfig.class);

  private SettingKeys() {}

  /** Every setting of a node, by its key. */
  public static SortedMap<String, NodeSetting> ofNodes() {
    return OF_NODES;
  }

  /**
   * What a setting is in this configuration, in the form that it is written in; empty if it is not
   * set and has no default, or there is no such setting.
   */
  public static Optional<String> valueIn(NodeConfig config, String key) {
    return Optional.ofNullable(values(config).get(key));
  }

  /** All that are set in this configuration or have a default, in the form they are written in. */
  public static SortedMap<String, String> values(NodeConfig config) {
    var values = new TreeMap<String, String>();
    collectValues(NodeConfig.class, "", config, values);
    return values;
  }

  /** Every key below this record, with what is declared of it. */
  static SortedMap<String, NodeSetting> of(Class<? extends Record> type) {
    var keys = new TreeMap<String, NodeSetting>();
    collect(type, "", RecordBinder.defaultsOf(type), keys);
    return Collections.unmodifiableSortedMap(keys);
  }

  private static void collect(
      Class<?> type, String prefix, Optional<?> defaults, SortedMap<String, NodeSetting> keys) {
    for (var component : type.getRecordComponents()) {
      var key = keyOf(prefix, component);
      var fallback = defaults.map(holder -> RecordBinder.read(component, holder));
      if (isNested(component)) {
        collect(
            component.getType(),
            key,
            fallback.or(() -> RecordBinder.defaultsOf(component.getType())),
            keys);
      } else if (keys.put(key, setting(key, component, fallback)) != null) {
        throw new IllegalStateException(
            "Expected one setting of the name " + key + ", but found two");
      }
    }
  }

  private static NodeSetting setting(
      String key, RecordComponent component, Optional<Object> fallback) {
    var declared = component.getAnnotation(Setting.class);
    return new NodeSetting(
        key,
        declared.doc(),
        declared.takes(),
        DynamicSetting.named(key).map(DynamicSetting::kind).orElseGet(() -> kind(key, component)),
        fallback.isEmpty() && component.getType() != Optional.class,
        fallback.flatMap(SettingKeys::text),
        DynamicSetting.named(key)
            .flatMap(DynamicSetting::topicConfig)
            .map(config -> config.builtIn() + " (built in)")
            .orElse(declared.absent()));
  }

  private static void collectValues(
      Class<?> type, String prefix, Object holder, SortedMap<String, String> values) {
    for (var component : type.getRecordComponents()) {
      var key = keyOf(prefix, component);
      var value = RecordBinder.read(component, holder);
      if (isNested(component)) {
        collectValues(component.getType(), key, value, values);
      } else {
        text(value).ifPresent(text -> values.put(key, text));
      }
    }
  }

  /** The way it is written; empty for an optional value that is absent. */
  private static Optional<String> text(Object value) {
    return switch (value) {
      case Optional<?> optional -> optional.flatMap(SettingKeys::text);
      case Duration duration -> Optional.of(Long.toString(duration.toMillis()));
      case Enum<?> constant -> Optional.of(constant.name().toLowerCase(Locale.ROOT));
      case List<?> list ->
          Optional.of(list.stream().map(Object::toString).collect(Collectors.joining(",")));
      default -> Optional.of(value.toString());
    };
  }

  private static String kind(String key, RecordComponent component) {
    var type = component.getType();
    var inner =
        component.getGenericType() instanceof ParameterizedType parameterized
            ? (Class<?>) parameterized.getActualTypeArguments()[0]
            : type;
    return (type == List.class ? "list of " : "") + kind(key, inner);
  }

  private static String kind(String key, Class<?> type) {
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
          .collect(Collectors.joining(", "));
    }
    if (SettingText.isSize(key)) {
      return "bytes";
    }
    if (type == Duration.class || key.endsWith(".ms")) {
      return "ms";
    }
    return switch (type.getSimpleName()) {
      case "int", "Integer", "long", "Long", "NodeId", "double" -> "number";
      case "HostPort" -> "host:port";
      case "Voter" -> "id@host:port";
      case "Path" -> "directory";
      case "UUID" -> "UUID";
      default -> "text";
    };
  }

  /** Whether the component is a record of further settings, not a value such as an address. */
  static boolean isNested(RecordComponent component) {
    return component.getType().isRecord()
        && Arrays.stream(component.getType().getRecordComponents())
            .anyMatch(inner -> inner.isAnnotationPresent(Setting.class) || isNested(inner));
  }

  static String keyOf(String prefix, RecordComponent component) {
    var own = Optional.ofNullable(component.getAnnotation(Setting.class)).map(Setting::key);
    if (own.isEmpty()) {
      return prefix;
    }
    return prefix.isEmpty() ? own.get() : prefix + "." + own.get();
  }
}
