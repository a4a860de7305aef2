import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.ConstantPoolSharingOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Rewrites the classes of jars that were compiled for a Java before 6, as picocli's are, as ones of Java 8. The JVM
 * keeps no older ones in its cache, nor what is derived from them, and a command would load them one by one. They need
 * stack maps then, which is all that changes. Run as {@code java CacheableClasses.java JAR...}
 */
void main(String[] jars) throws IOException {
  for (String jar : jars) {
    var next = Path.of(jar + ".next"); // so that a jar is there as it was, or as it is to be
    Files.copy(Path.of(jar), next, StandardCopyOption.REPLACE_EXISTING);
    try (var content = FileSystems.newFileSystem(next)) {
      rewriteAll(content.getPath("/"));
    }
    Files.move(next, Path.of(jar), StandardCopyOption.REPLACE_EXISTING);
  }
}

void rewriteAll(Path root) throws IOException {
  try (var files = Files.walk(root)) {
    for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
      rewrite(file, root);
    }
  }
}

void rewrite(Path file, Path root) throws IOException {
  var format =
      ClassFile.of(
          ConstantPoolSharingOption.NEW_POOL, // or the code would be copied as it is
          ClassHierarchyResolverOption.of(typesIn(root)));
  var old = format.parse(Files.readAllBytes(file));
  if (old.majorVersion() >= ClassFile.JAVA_6_VERSION) {
    return;
  }
  byte[] today =
      format.transformClass(old, (target, element) -> {
        if (element instanceof ClassFileVersion) {
          target.withVersion(ClassFile.JAVA_8_VERSION, 0);
        } else {
          target.with(element);
        }
      });
  Files.write(file, today);
}

/** Stack maps name what two types have in common: those of the jar, and those of the JDK. */
ClassHierarchyResolver typesIn(Path root) {
  return ClassHierarchyResolver.ofResourceParsing(type -> {
        String name = type.descriptorString(); // as Lpicocli/CommandLine;
        Path file = root.resolve(name.substring(1, name.length() - 1) + ".class");
        try {
          return Files.exists(file) ? Files.newInputStream(file) : null;
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      })
      .orElse(ClassHierarchyResolver.defaultResolver());
}
