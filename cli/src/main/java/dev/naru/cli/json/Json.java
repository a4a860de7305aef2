package dev.naru.cli.json;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A JSON value. Objects keep the order in which their fields were given. */
public sealed interface Json {

  /** Text. */
  static Json text(String value) {
    return new Text(value);
  }

  /** A number. */
  static Json number(long value) {
    return new Num(BigDecimal.valueOf(value));
  }

  /** A number with a fraction, rounded to three digits behind the point. */
  static Json number(double value) {
    return new Num(BigDecimal.valueOf(Math.round(value * 1000), 3).stripTrailingZeros());
  }

  /** A 64-bit number of an API message, which protobuf's JSON writes as text. */
  static Json int64(long value) {
    return new Text(Long.toString(value));
  }

  /** True or false. */
  static Json bool(boolean value) {
    return new Bool(value);
  }

  /** null. */
  static Json none() {
    return new None();
  }

  /** The value, or null. */
  static Json orNone(Optional<? extends Json> value) {
    return value.<Json>map(present -> present).orElse(new None());
  }

  /** An array. */
  static Json array(Stream<? extends Json> items) {
    return new Array(items.collect(Collectors.<Json>toList()));
  }

  /** An array of numbers. */
  static Json numbers(List<Integer> values) {
    return array(values.stream().map(Json::number));
  }

  /** An object to be filled. */
  static Fields object() {
    return new Fields();
  }

  /** Text. */
  record Text(String value) implements Json {}

  /** A number. */
  record Num(BigDecimal value) implements Json {}

  /** True or false. */
  record Bool(boolean value) implements Json {}

  /** null. */
  record None() implements Json {}

  /** An array. */
  record Array(List<Json> items) implements Json {

    /** Keeps a copy. */
    public Array {
      items = List.copyOf(items);
    }
  }

  /** An object. */
  record Obj(Map<String, Json> fields) implements Json {

    /** Keeps a copy in the same order. */
    public Obj {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** The field of this name. */
    public Optional<Json> field(String name) {
      return Optional.ofNullable(fields.get(name));
    }
  }

  /** Collects the fields of an object. */
  final class Fields {

    private final Map<String, Json> fields = new LinkedHashMap<>();

    private Fields() {}

    /** One more field. */
    public Fields with(String name, Json value) {
      fields.put(name, value);
      return this;
    }

    /** One more field of text. */
    public Fields with(String name, String value) {
      return with(name, text(value));
    }

    /** One more field with a number. */
    public Fields with(String name, long value) {
      return with(name, number(value));
    }

    /** The object. */
    public Obj build() {
      return new Obj(fields);
    }
  }
}
