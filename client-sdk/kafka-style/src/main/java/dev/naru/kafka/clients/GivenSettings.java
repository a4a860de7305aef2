package dev.naru.kafka.clients;

import dev.naru.kafka.common.config.ConfigException;
import java.lang.reflect.InvocationTargetException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settings as applications of Kafka give them: of any type, with names of classes among them, and
 * with some that only Kafka's own client has a use for. What would change the meaning of a program
 * is refused, never left out. So are settings that nobody here knows, also those of an
 * application's own serializer: that is configured by the application and given as an object.
 */
public final class GivenSettings {

  private static final Logger LOG = LoggerFactory.getLogger(GivenSettings.class);

  private static final String KAFKAS = "org.apache.kafka.";
  private static final String OURS = "dev.naru.kafka.";

  /** They say how Kafka's client uses sockets and counts; nothing here depends on them. */
  private static final Set<String> WITHOUT_USE =
      Set.of(
          "allow.auto.create.topics",
          "auto.include.jmx.reporter",
          "client.dns.lookup",
          "connections.max.idle.ms",
          "enable.metrics.push",
          "metadata.recovery.rebootstrap.trigger.ms",
          "metadata.recovery.strategy",
          "metrics.num.samples",
          "metrics.recording.level",
          "metrics.sample.window.ms",
          "partitioner.adaptive.partitioning.enable",
          "partitioner.availability.timeout.ms",
          "receive.buffer.bytes",
          "reconnect.backoff.max.ms",
          "reconnect.backoff.ms",
          "send.buffer.bytes",
          "socket.connection.setup.timeout.max.ms",
          "socket.connection.setup.timeout.ms");

  /** They may be there as long as they name nothing. */
  private static final Map<String, String> REFUSED =
      Map.of(
          "interceptor.classes", "no class is loaded by its name",
          "metric.reporters", "no class is loaded by its name",
          "transactional.id", "transactions are not part of this release");

  /** Values that Kafka takes in any case. */
  private static final Set<String> IN_LOWER_CASE =
      Set.of("acks", "auto.offset.reset", "compression.type", "group.protocol", "isolation.level");

  private static final Map<String, String> ASSIGNORS =
      Map.of(
          "clients.consumer.RangeAssignor", "range",
          "clients.consumer.RoundRobinAssignor", "roundrobin",
          "clients.consumer.StickyAssignor", "sticky",
          "clients.consumer.CooperativeStickyAssignor", "sticky");

  private final Map<String, Object> values = new TreeMap<>();
  private final Map<String, Object> asGiven;

  private GivenSettings(Map<String, Object> given) {
    this.asGiven = Map.copyOf(given);
    values.putAll(given);
  }

  /** Those of a map; settings without a value count as absent. */
  public static GivenSettings of(Map<?, ?> given) {
    var values = new TreeMap<String, Object>();
    given.forEach((name, value) -> {
      if (value != null) {
        values.put(String.valueOf(name), value);
      }
    });
    return new GivenSettings(values);
  }

  /** Those of properties, and of their defaults. */
  public static GivenSettings of(Properties given) {
    var values = new TreeMap<String, Object>();
    given.stringPropertyNames().forEach(name -> values.put(name, given.getProperty(name)));
    given.forEach((name, value) -> values.put(String.valueOf(name), value));
    return new GivenSettings(values);
  }

  /**
   * The object that a setting stands for, such as a serializer, and takes the setting out: by a
   * class that the application has named in its code, or by one of the known names. No class is
   * loaded by a name.
   *
   * @throws ConfigException if it is absent, or stands for no such object
   */
  public <T> T take(String name, Class<T> type, Function<String, Optional<T>> known) {
    var given = values.remove(name);
    if (given == null) {
      throw new ConfigException("Expected " + name + ", but it is absent");
    }
    if (type.isInstance(given)) {
      return type.cast(given);
    }
    if (given instanceof Class<?> named && type.isAssignableFrom(named)) {
      return made(name, type, named);
    }
    String text = given instanceof Class<?> other ? other.getName() : String.valueOf(given).strip();
    return known
        .apply(withoutPrefix(text))
        .orElseThrow(() ->
            new ConfigException(
                "Expected "
                    + name
                    + " to be a known class, because none is loaded by its name, but was "
                    + text
                    + "; give the constructor the object, or the settings the class itself"));
  }

  /** Takes a setting out that is not needed, because the application gave the object. */
  public void drop(String name) {
    values.remove(name);
  }

  private static <T> T made(String name, Class<T> type, Class<?> named) {
    try {
      return type.cast(named.getDeclaredConstructor().newInstance());
    } catch (NoSuchMethodException
        | InstantiationException
        | IllegalAccessException
        | InvocationTargetException e) {
      throw new ConfigException(
          "Expected " + name + " to have a constructor without arguments, but was " + named, e);
    }
  }

  /** The name within Kafka's packages, or ours; else as it is. */
  static String withoutPrefix(String className) {
    for (String prefix : List.of(KAFKAS, OURS)) {
      if (className.startsWith(prefix)) {
        return className.substring(prefix.length());
      }
    }
    return className;
  }

  /**
   * All settings as they were given, for those who are made by them. There are no others among them
   * than those of a client, else {@link #toNaru} refuses them.
   */
  public Map<String, Object> asGiven() {
    return asGiven;
  }

  /** A text among them. */
  public Optional<String> text(String name) {
    return Optional.ofNullable(asGiven.get(name)).map(String::valueOf);
  }

  /**
   * What is left, as a client of Naru takes it.
   *
   * @throws ConfigException for what would be lost
   */
  public Properties toNaru() {
    refuse();
    var unused = new TreeSet<>(values.keySet());
    unused.retainAll(WITHOUT_USE);
    if (!unused.isEmpty()) {
      LOG.info("Settings of Kafka's own client without a meaning here: {}", unused);
      values.keySet().removeAll(unused);
    }
    var properties = new Properties();
    values.forEach((name, value) -> properties.setProperty(name, textOf(name, value)));
    partitioner(properties);
    assignors(properties);
    return properties;
  }

  private void refuse() {
    REFUSED.forEach((name, why) -> {
      var given = values.remove(name);
      if (given != null && !textOf(name, given).isEmpty()) {
        throw new ConfigException(
            "Expected " + name + " to be left out, because " + why + ", but was " + given);
      }
    });
  }

  private static String textOf(String name, Object value) {
    String text = text(value);
    return IN_LOWER_CASE.contains(name) ? text.toLowerCase(Locale.ROOT) : text;
  }

  private static String text(@Nullable Object value) {
    if (value instanceof Class<?> named) {
      return named.getName();
    }
    return value instanceof List<?> several
        ? several.stream().map(GivenSettings::text).collect(Collectors.joining(","))
        : String.valueOf(value).strip();
  }

  private static void partitioner(Properties properties) {
    var named = (String) properties.remove("partitioner.class");
    if (named == null || named.isEmpty()) {
      return;
    }
    if (!withoutPrefix(named).equals("clients.producer.RoundRobinPartitioner")) {
      throw new ConfigException(
          "Expected partitioner.class to be RoundRobinPartitioner or left out, because no class is"
              + " loaded by its name, but was "
              + named);
    }
    properties.setProperty("partitioner", "round_robin");
  }

  private static void assignors(Properties properties) {
    var named = properties.getProperty("partition.assignment.strategy");
    if (named != null) {
      var known = new LinkedHashSet<String>();
      for (String each : named.split(",", -1)) {
        String name = withoutPrefix(each.strip());
        known.add(ASSIGNORS.getOrDefault(name, name));
      }
      properties.setProperty("partition.assignment.strategy", String.join(",", known));
    }
  }
}
