package dev.naru.metadata.chronicle;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sentences with places for fields. */
final class EventText {

  private static final Pattern PLACE = Pattern.compile("\\{([a-z_]+)}");

  /** Stands for a field that the event does not have. */
  private static final String ABSENT = "none";

  private EventText() {}

  /** The sentence with each <code>{name}</code> replaced by the field of that name. */
  static String filled(String sentence, EventSubject subject, List<EventField> fields) {
    return PLACE
        .matcher(sentence)
        .replaceAll(place -> Matcher.quoteReplacement(at(place.group(1), subject, fields)));
  }

  private static String at(String name, EventSubject subject, List<EventField> fields) {
    return name.equals("subject")
        ? subject.words()
        : EventField.textOf(fields, name).filter(text -> !text.isEmpty()).orElse(ABSENT);
  }

  /** The fields that the sentence has places for, in the order in which they come. */
  static List<String> places(String sentence) {
    return PLACE
        .matcher(sentence)
        .results()
        .map(place -> place.group(1))
        .filter(name -> !name.equals("subject"))
        .distinct()
        .toList();
  }
}
