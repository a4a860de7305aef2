package dev.naru.broker.config;

import dev.naru.types.Setting;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which settings a configuration record has, read from its annotations. */
final class SettingKeys {

  private SettingKeys() {}

  /** Every key below this record, with the sentence that explains it. */
  static SortedMap<String, String> of(Class<? extends Record> type) {
    var keys = new TreeMap<String, String>();
    collect(type, "", keys);
    return keys;
  }

  private static void collect(Class<?> type, String prefix, SortedMap<String, String> keys) {
    for (var component : type.getRecordComponents()) {
      var key = keyOf(prefix, component);
      if (isNested(component)) {
        collect(component.getType(), key, keys);
      } else if (keys.put(key, component.getAnnotation(Setting.class).doc()) != null) {
        throw new IllegalStateException(
            "Expected one setting of the name " + key + ", but found two");
      }
    }
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
