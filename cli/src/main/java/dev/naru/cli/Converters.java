package dev.naru.cli;

import dev.naru.cli.output.OutputFormat;
import dev.naru.cli.text.Durations;
import dev.naru.cli.text.NameValue;
import dev.naru.cli.text.Size;
import dev.naru.cli.text.TopicArgument;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** From the words of a command line to values. */
final class Converters {

  private Converters() {}

  static void register(CommandLine line) {
    register(line, Duration.class, Durations::parse);
    register(line, Size.class, Size::parse);
    register(line, NameValue.class, NameValue::parse);
    register(line, TopicArgument.class, TopicArgument::parse);
    register(line, OutputFormat.class, Converters::outputFormat);
    register(line, Integer.class, Converters::integer);
    register(line, int.class, Converters::integer);
    register(line, Long.class, Converters::integer64);
    register(line, long.class, Converters::integer64);
    register(line, double.class, Converters::number);
  }

  static OutputFormat outputFormat(String text) {
    for (var format : OutputFormat.values()) {
      if (format.name().toLowerCase(Locale.ROOT).equals(text)) {
        return format;
      }
    }
    throw CommandFailure.usage(
        "Expected an output of table, wide, json, jsonl, yaml or name, but was " + text);
  }

  private static int integer(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw CommandFailure.usage("Expected a number up to 2147483647, but was " + text);
    }
  }

  private static long integer64(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw CommandFailure.usage("Expected a number, but was " + text);
    }
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw CommandFailure.usage("Expected a number, but was " + text);
    }
  }

  private static <T> void register(CommandLine line, Class<T> type, Function<String, T> parse) {
    line.registerConverter(
        type,
        text -> {
          try {
            return parse.apply(text);
          } catch (CommandFailure e) {
            throw new TypeConversionException(e.getMessage());
          }
        });
  }
}
