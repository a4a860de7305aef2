package dev.naru.cli.debug;

import dev.naru.cli.json.Json;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.DeletedTopics;
import dev.naru.types.HostPort;
import dev.naru.types.PartitionId;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Values of the metadata as JSON, field by field under their own names, so that nothing that is
 * ever added to the image can be forgotten here: an object for a record, with its {@code type}
 * where a sealed type has several; an object for a map; {@code null} for what is absent. Ids,
 * epochs and addresses are plain numbers and text. Times end in {@code Millis}: milliseconds since
 * 1970-01-01 UTC.
 */
public final class RecordJson {

  /** What is derived from something that is printed beside it. */
  private static final Map<Class<?>, Set<String>> LEFT_OUT =
      Map.of(ClusterImage.class, Set.of("topicNames"), DeletedTopics.class, Set.of("byId"));

  private static final String TYPES = HostPort.class.getPackageName();

  private RecordJson() {}

  /** Of a record, with all that it holds. */
  public static Json.Obj of(Record value) {
    var fields = Json.object();
    if (isOneOfSome(value.getClass())) {
      fields.with("type", value.getClass().getSimpleName());
    }
    var leftOut = LEFT_OUT.getOrDefault(value.getClass(), Set.of());
    for (var component : value.getClass().getRecordComponents()) {
      if (!leftOut.contains(component.getName())) {
        fields.with(component.getName(), json(read(value, component)));
      }
    }
    return fields.build();
  }

  private static boolean isOneOfSome(Class<?> type) {
    return Arrays.stream(type.getInterfaces()).anyMatch(Class::isSealed);
  }

  private static Json json(Object value) {
    return switch (value) {
      case Boolean truth -> Json.bool(truth);
      case Integer number -> Json.number((long) number);
      case Long number -> Json.number((long) number);
      case Double number -> new Json.Num(BigDecimal.valueOf(number));
      case Enum<?> constant -> Json.text(constant.name());
      case Optional<?> optional -> Json.orNone(optional.map(RecordJson::json));
      case OptionalLong optional ->
          optional.isPresent() ? Json.number(optional.getAsLong()) : Json.none();
      case Map<?, ?> map -> object(map);
      case Collection<?> all -> Json.array(all.stream().map(RecordJson::json));
      case PartitionId id -> Json.text(id.toString());
      case HostPort address -> Json.text(address.toString());
      case Record wrapper when isWrapper(wrapper.getClass()) ->
          json(read(wrapper, wrapper.getClass().getRecordComponents()[0]));
      case Record inner -> of(inner);
      default -> Json.text(value.toString());
    };
  }

  /** An id or an epoch: one value with a name. */
  private static boolean isWrapper(Class<?> type) {
    return type.getPackageName().equals(TYPES) && type.getRecordComponents().length == 1;
  }

  private static Json object(Map<?, ?> map) {
    var fields = Json.object();
    map.forEach((key, value) -> fields.with(key.toString(), json(value)));
    return fields.build();
  }

  private static Object read(Record value, RecordComponent component) {
    try {
      return component.getAccessor().invoke(value);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("Expected to read " + component + " of " + value, e);
    }
  }
}
