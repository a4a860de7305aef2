package dev.naru.cli.output;

import dev.naru.cli.json.Json;
import dev.naru.cli.json.JsonWriter;
import dev.naru.cli.json.YamlWriter;
import java.util.List;
import java.util.function.Function;

/**
 * Things of one kind, in any form of output.
 *
 * @param json the form of one of them, as the API has it
 * @param name the resource name of one of them
 * @param whole what json and yaml print, made of the forms of all
 */
public record Listing<T>(
    List<T> items,
    Function<T, Json> json,
    Function<T, String> name,
    Function<List<Json>, Json> whole,
    Function<List<T>, List<String>> table,
    Function<List<T>, List<String>> wide) {

  /** A list, which json prints as an object with one field. */
  public static <T> Listing<T> list(
      String field,
      List<T> items,
      Function<T, Json> json,
      Function<T, String> name,
      Function<List<T>, List<String>> table,
      Function<List<T>, List<String>> wide) {
    return new Listing<>(
        items,
        json,
        name,
        forms -> Json.object().with(field, Json.array(forms.stream())).build(),
        table,
        wide);
  }

  /** One thing, which json prints as it is. */
  public static <T> Listing<T> single(
      T item, Function<T, Json> json, Function<T, String> name, Function<T, List<String>> text) {
    return new Listing<>(
        List.of(item),
        json,
        name,
        List::getFirst,
        items -> text.apply(items.getFirst()),
        items -> text.apply(items.getFirst()));
  }

  /** Prints them. */
  public void print(OutputFormat format, Stdout stdout) {
    switch (format) {
      case TABLE -> table.apply(items).forEach(stdout::line);
      case WIDE -> wide.apply(items).forEach(stdout::line);
      case JSON -> stdout.line(JsonWriter.pretty(tree()));
      case JSONL -> items.forEach(item -> stdout.line(JsonWriter.compact(json.apply(item))));
      case YAML -> stdout.print(YamlWriter.document(tree()));
      case NAME -> items.forEach(item -> stdout.line(name.apply(item)));
    }
    stdout.flush();
  }

  private Json tree() {
    return whole.apply(items.stream().map(json).toList());
  }
}
