package dev.naru.testing;

import static java.util.stream.Collectors.joining;

import com.tngtech.archunit.lang.ArchRule;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Code written in a test, compiled into a folder of its own, so that it can break the house rules
 * in the very packages they are about. Libraries that this module lacks are planted as well.
 */
record PlantedCode(Path folder) {

  private static final Map<String, String> LIBRARIES =
      Map.of(
          "io.grpc.Channel", "package io.grpc; public class Channel {}",
          "io.netty.buffer.ByteBuf", "package io.netty.buffer; public class ByteBuf {}",
          "org.apache.ratis.RaftPeer", "package org.apache.ratis; public class RaftPeer {}",
          "dev.naru.proto.v1.Ack", "package dev.naru.proto.v1; public class Ack {}");

  private static final Pattern PACKAGE = Pattern.compile("package ([\\w.]+);");
  private static final Pattern TYPE = Pattern.compile("\\b(class|record|interface|enum) (\\w+)");

  /** One source file a string; its package and the name of its type are read out of it. */
  static PlantedCode compile(Path folder, String... sources) {
    var files =
        Stream.concat(
                LIBRARIES.entrySet().stream().map(e -> source(e.getKey(), e.getValue())),
                Stream.of(sources).map(text -> source(nameOf(text), text)))
            .toList();
    var out = new StringWriter();
    var options = List.of("-proc:none", "-d", folder.toString());
    var javac = ToolProvider.getSystemJavaCompiler();
    if (!javac.getTask(out, null, null, options, null, files).call()) {
      throw new IllegalArgumentException("Expected planted code that compiles, but: " + out);
    }
    return new PlantedCode(folder);
  }

  String violations(ArchRule... rules) {
    return HouseRules.violations(List.of(rules), folder).collect(joining("\n"));
  }

  /** What all rules together have against it, those that judge tests included. */
  String violationsOfAnyRule() {
    return Stream.of(HouseRules.OF_MAIN_CLASSES, HouseRules.OF_TEST_CLASSES)
        .flatMap(rules -> HouseRules.violations(rules, folder))
        .collect(joining("\n"));
  }

  /** The same sources with a number before each type's name, so that they compile together. */
  static List<String> withNamesOfTheirOwn(String... sources) {
    return IntStream.range(0, sources.length)
        .mapToObj(i -> TYPE.matcher(sources[i]).replaceFirst("$1 Planted" + i + "$2"))
        .toList();
  }

  static String packageOf(String source) {
    return PACKAGE.matcher(source).results().findFirst().orElseThrow().group(1);
  }

  /** The full name of the first type in the source, or of its package-info. */
  static String nameOf(String source) {
    var type = TYPE.matcher(source);
    return packageOf(source) + "." + (type.find() ? type.group(2) : "package-info");
  }

  private static JavaFileObject source(String name, String text) {
    var uri = URI.create("string:///" + name.replace('.', '/') + ".java");
    return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }
}
