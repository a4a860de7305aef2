package dev.naru.cli.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** The same tree as YAML 1.2. */
public final class YamlWriter {

  private YamlWriter() {}

  /** One document, with a line break at its end. */
  public static String document(Json value) {
    var settings = DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build();
    return new Dump(settings).dumpToString(plain(value));
  }

  /** What the library knows how to write. Null is wrapped, because a method of ours gives none. */
  private static Object plain(Json value) {
    return switch (value) {
      case Json.Text(var characters) -> characters;
      case Json.Num(var number) ->
          number.scale() <= 0 ? number.toBigInteger() : number.doubleValue();
      case Json.Bool(var truth) -> truth;
      case Json.None() -> Optional.empty();
      case Json.Array(var items) -> {
        var list = new ArrayList<Object>(); // never a shared empty one, which would be an alias
        items.forEach(item -> list.add(plain(item)));
        yield list;
      }
      case Json.Obj(var fields) -> {
        var map = new LinkedHashMap<String, Object>();
        fields.forEach((name, field) -> map.put(name, plain(field)));
        yield map;
      }
    };
  }
}
