package dev.naru.broker.config;

import dev.naru.metadata.image.DynamicSetting;
import dev.naru.metadata.image.DynamicSetting.Reach;
import dev.naru.types.Setting;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Makes configuration records from what was written. A component with {@link Setting} is one
 * setting; a component that is itself a record holds more of them, and its own key, when it has
 * one, is put before theirs. What was not written is taken from the record's {@code DEFAULTS}, or
 * is empty if it is optional. Every problem is gathered, so that one start tells them all.
 */
final class RecordBinder {

  private final Map<String, RawValue> written;
  private final List<ConfigProblem> problems = new ArrayList<>();
  private final TreeSet<String> refused = new TreeSet<>();

  RecordBinder(Map<String, RawValue> written) {
    this.written = written;
  }

  /**
   * The record. Where there are problems it has what would hold without the values that are at
   * fault, so that others can be looked for in the rest; empty if that cannot be.
   */
  <R extends Record> Optional<R> bind(Class<R> type) {
    return bind(type, "", defaultsOf(type)).map(type::cast);
  }

  /** This record, with what was written in place of what it has. */
  <R extends Record> Optional<R> rebind(Class<R> type, R base) {
    return bind(type, "", Optional.of(base)).map(type::cast);
  }

  List<ConfigProblem> problems() {
    return List.copyOf(problems);
  }

  /** The keys whose values are at fault. */
  SortedSet<String> refused() {
    return refused;
  }

  private Optional<Record> bind(Class<?> type, String prefix, Optional<?> defaults) {
    var slots = new ArrayList<Slot>();
    for (var component : type.getRecordComponents()) {
      var key = SettingKeys.keyOf(prefix, component);
      var fallback = defaults.map(holder -> read(component, holder));
      if (component.getType().isRecord() && SettingKeys.isNested(component)) {
        var nested = component.getType();
        var bound = bind(nested, key, fallback.or(() -> defaultsOf(nested)));
        slots.add(new Slot(key, bound.map(Object.class::cast), Optional.empty()));
      } else {
        slots.add(new Slot(key, value(key, component, fallback), fallback));
      }
    }
    return slots.stream().anyMatch(slot -> slot.value().isEmpty())
        ? Optional.empty()
        : make(type, slots);
  }

  /**
   * One component of a record.
   *
   * @param fallback what holds if nothing is written
   */
  private record Slot(String key, Optional<Object> value, Optional<Object> fallback) {

    Slot withoutWhatWasWritten() {
      return new Slot(key, fallback, fallback);
    }
  }

  private Optional<Object> value(String key, RecordComponent component, Optional<Object> declared) {
    var raw = Optional.ofNullable(written.get(key));
    var fallback =
        declared.or(() ->
            component.getType() == Optional.class
                ? Optional.of(Optional.empty())
                : Optional.empty());
    if (raw.isEmpty()) {
      if (fallback.isEmpty()) {
        problems.add(ConfigProblem.of("Expected " + key + " to be set, but it is absent"));
      }
      return fallback;
    }
    try {
      return Optional.of(parse(key, component, raw.get()));
    } catch (IllegalArgumentException | ArithmeticException e) {
      problems.add(ConfigProblem.at(reason(key, e), raw.get().origin()));
      refused.add(key);
      return fallback;
    }
  }

  /** What can be set of a node while it runs takes the same values when it is started. */
  private static String text(String key, RawValue raw) {
    var text = raw.asText();
    return DynamicSetting.named(key)
        .filter(setting -> setting.reach() == Reach.NODES)
        .map(setting ->
            setting
                .canonical(text)
                .orElseThrow(() ->
                    new IllegalArgumentException(
                        "Expected %s to be %s, but was %s"
                            .formatted(key, setting.expected(), text))))
        .orElse(text);
  }

  private static Object parse(String key, RecordComponent component, RawValue raw) {
    if (component.getType() == List.class) {
      return raw.asList().stream()
          .map(item -> SettingText.parse(key, argumentOf(component), item))
          .toList();
    } else if (component.getType() == Optional.class) {
      return Optional.of(SettingText.parse(key, argumentOf(component), text(key, raw)));
    }
    return SettingText.parse(key, component.getType(), text(key, raw));
  }

  /**
   * The constructor of the record is the one that refuses nonsense. What it names is left out then,
   * and it is asked again, because it stops at the first fault.
   */
  private Optional<Record> make(Class<?> type, List<Slot> given) {
    var slots = given;
    while (true) {
      try {
        return Optional.of(construct(type, slots));
      } catch (IllegalArgumentException fault) {
        var message = String.valueOf(fault.getMessage());
        var named =
            slots.stream()
                .map(Slot::key)
                .filter(key -> names(message, key) && written.containsKey(key))
                .filter(key -> !refused.contains(key))
                .toList();
        problems.add(new ConfigProblem(message, named.stream().map(this::originOf).toList()));
        refused.addAll(named);
        if (named.isEmpty()) {
          return Optional.empty();
        }
        slots =
            slots.stream()
                .map(slot -> named.contains(slot.key()) ? slot.withoutWhatWasWritten() : slot)
                .toList();
        if (slots.stream().anyMatch(slot -> slot.value().isEmpty())) {
          return Optional.empty();
        }
      }
    }
  }

  /** Not as the beginning of a longer name. */
  private static boolean names(String message, String key) {
    for (int at = message.indexOf(key); at >= 0; at = message.indexOf(key, at + 1)) {
      int end = at + key.length();
      if (end == message.length() || !isOfName(message, end)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOfName(String message, int at) {
    char next = message.charAt(at);
    boolean goesOn = at + 1 < message.length() && Character.isLetterOrDigit(message.charAt(at + 1));
    return Character.isLetterOrDigit(next) || (next == '.' && goesOn);
  }

  private Origin originOf(String key) {
    return Optional.ofNullable(written.get(key)).map(RawValue::origin).orElseThrow();
  }

  private static Record construct(Class<?> type, List<Slot> slots) {
    var types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      var values = slots.stream().map(slot -> slot.value().orElseThrow()).toArray();
      return (Record) constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refusal) {
        throw refusal;
      }
      throw new IllegalStateException(type + " cannot be made", e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " cannot be made", e);
    }
  }

  /** Parsers of single types do not know the setting's name. */
  private static String reason(String key, RuntimeException e) {
    var message = String.valueOf(e.getMessage());
    return message.contains(key) ? message : key + ": " + message;
  }

  private static Class<?> argumentOf(RecordComponent component) {
    return (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
  }

  static Optional<Object> defaultsOf(Class<?> type) {
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

  static Object read(RecordComponent component, Object holder) {
    try {
      var accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(holder);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component + " cannot be read", e);
    }
  }
}
