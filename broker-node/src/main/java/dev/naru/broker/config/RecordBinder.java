package dev.naru.broker.config;

import dev.naru.types.Setting;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes configuration records from what was written. A component with {@link Setting} is one
 * setting; a component that is itself a record holds more of them, and its own key, when it has
 * one, is put before theirs. What was not written is taken from the record's {@code DEFAULTS}, or
 * is empty if it is optional. Every problem is gathered, so that one start tells them all.
 */
final class RecordBinder {

  private final Map<String, RawValue> written;
  private final List<ConfigProblem> problems = new ArrayList<>();

  RecordBinder(Map<String, RawValue> written) {
    this.written = written;
  }

  /** The record, or empty when there are problems. */
  <R extends Record> Optional<R> bind(Class<R> type) {
    return bind(type, "", defaultsOf(type)).map(type::cast);
  }

  List<ConfigProblem> problems() {
    return List.copyOf(problems);
  }

  private Optional<Record> bind(Class<?> type, String prefix, Optional<?> defaults) {
    var components = type.getRecordComponents();
    var values = new ArrayList<@Nullable Object>();
    int before = problems.size();
    for (var component : components) {
      var fallback = defaults.map(holder -> read(component, holder));
      if (component.getType().isRecord() && SettingKeys.isNested(component)) {
        var nested = component.getType();
        values.add(
            bind(
                    nested,
                    SettingKeys.keyOf(prefix, component),
                    fallback.or(() -> defaultsOf(nested)))
                .orElse(null));
      } else {
        values.add(value(SettingKeys.keyOf(prefix, component), component, fallback).orElse(null));
      }
    }
    return problems.size() > before ? Optional.empty() : make(type, prefix, components, values);
  }

  private Optional<Object> value(String key, RecordComponent component, Optional<Object> fallback) {
    var raw = Optional.ofNullable(written.get(key));
    if (raw.isEmpty()) {
      if (fallback.isPresent()) {
        return fallback;
      } else if (component.getType() == Optional.class) {
        return Optional.of(Optional.empty());
      }
      problems.add(ConfigProblem.of("Expected " + key + " to be set, but it is absent"));
      return Optional.empty();
    }
    try {
      return Optional.of(parse(key, component, raw.get()));
    } catch (IllegalArgumentException e) {
      problems.add(ConfigProblem.at(reason(key, e), raw.get().origin()));
      return Optional.empty();
    }
  }

  private static Object parse(String key, RecordComponent component, RawValue raw) {
    if (component.getType() == List.class) {
      return raw.asList().stream()
          .map(item -> SettingText.parse(key, argumentOf(component), item))
          .toList();
    } else if (component.getType() == Optional.class) {
      return Optional.of(SettingText.parse(key, argumentOf(component), raw.asText()));
    }
    return SettingText.parse(key, component.getType(), raw.asText());
  }

  /** The constructor of the record is the one that refuses nonsense. */
  private Optional<Record> make(
      Class<?> type, String prefix, RecordComponent[] components, List<@Nullable Object> values) {
    var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return Optional.of((Record) constructor.newInstance(values.toArray()));
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) {
        var message = String.valueOf(refused.getMessage());
        problems.add(new ConfigProblem(message, originsOfKeysIn(message, prefix, components)));
        return Optional.empty();
      }
      throw new IllegalStateException(type + " cannot be made", e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " cannot be made", e);
    }
  }

  private List<Origin> originsOfKeysIn(
      String message, String prefix, RecordComponent[] components) {
    return Arrays.stream(components)
        .map(component -> SettingKeys.keyOf(prefix, component))
        .filter(message::contains)
        .flatMap(key -> Optional.ofNullable(written.get(key)).stream())
        .map(RawValue::origin)
        .toList();
  }

  /** Parsers of single types do not know the setting's name. */
  private static String reason(String key, IllegalArgumentException e) {
    var message = String.valueOf(e.getMessage());
    return message.contains(key) ? message : key + ": " + message;
  }

  private static Class<?> argumentOf(RecordComponent component) {
    return (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
  }

  private static Optional<Object> defaultsOf(Class<?> type) {
    try {
      var field = type.getDeclaredField("DEFAULTS");
      field.setAccessible(true);
      return Optional.ofNullable(field.get(null));
    } catch (NoSuchFieldException e) {
      return Optional.empty();
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(type + ".DEFAULTS cannot be read", e);
    }
  }

  private static Object read(RecordComponent component, Object holder) {
    try {
      var accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(holder);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component + " cannot be read", e);
    }
  }
}
