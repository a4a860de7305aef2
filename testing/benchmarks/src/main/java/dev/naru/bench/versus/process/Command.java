package dev.naru.bench.versus.process;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A program with its arguments, and what its environment has beside ours. */
public record Command(List<String> words, Map<String, String> environment) {

  /** Keeps copies. */
  public Command {
    words = List.copyOf(words);
    environment = Map.copyOf(environment);
  }

  /** With our environment as it is. */
  public static Command of(String... words) {
    return new Command(List.of(words), Map.of());
  }

  /** The same with more words. */
  public Command with(Collection<String> more) {
    return new Command(Stream.concat(words.stream(), more.stream()).toList(), environment);
  }

  /** The same with more words. */
  public Command with(String... more) {
    return with(List.of(more));
  }

  /** The same with one more variable. */
  public Command with(Map<String, String> more) {
    var all = new HashMap<>(environment);
    all.putAll(more);
    return new Command(words, all);
  }

  ProcessBuilder builder() {
    var builder = new ProcessBuilder(new ArrayList<>(words));
    builder.environment().putAll(environment);
    return builder;
  }

  @Override
  public String toString() {
    return String.join(" ", words);
  }
}
