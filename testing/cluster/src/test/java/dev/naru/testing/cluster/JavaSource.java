package dev.naru.testing.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/** A file of Java, to be compiled with what this test has on its class path. */
record JavaSource(Path file) {

  /** Compiles it into this folder, and returns what is wrong with it. */
  List<String> compile(Path into) throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var told = new DiagnosticCollector<JavaFileObject>();
    try (var files = compiler.getStandardFileManager(told, Locale.ROOT, UTF_8)) {
      var options = List.of("-proc:none", "-d", into.toString());
      compiler.getTask(null, files, told, options, null, files.getJavaFileObjects(file)).call();
    }
    return told.getDiagnostics().stream()
        .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
        .map(each -> "line %d: %s".formatted(each.getLineNumber(), each.getMessage(Locale.ROOT)))
        .toList();
  }
}
