package dev.naru.metadata.chronicle;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One detail of an event.
 *
 * @param name lower case with underscores
 * @param value a number, an id, a word, or several of these: what it shows is its {@code toString}
 */
public record EventField(String name, Object value) {

  /** What the value shows; several are told apart by commas. */
  public String text() {
    return value instanceof Collection<?> several
        ? several.stream().map(String::valueOf).collect(Collectors.joining(","))
        : String.valueOf(value);
  }

  /** The text of the field of this name. */
  static Optional<String> textOf(List<EventField> fields, String name) {
    return fields.stream()
        .filter(field -> field.name().equals(name))
        .map(EventField::text)
        .findFirst();
  }
}
