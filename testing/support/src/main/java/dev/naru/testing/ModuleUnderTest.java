package dev.naru.testing;

import java.net.URISyntaxException;
import java.nio.file.Path;

/**
 * The module a test class belongs to. Found through the class and not through the working
 * directory, which is another one in an IDE than in Maven.
 */
record ModuleUnderTest(Path folder) {

  static ModuleUnderTest of(Class<?> test) {
    var location = test.getProtectionDomain().getCodeSource().getLocation();
    try {
      var classes = Path.of(location.toURI());
      if (!classes.endsWith(Path.of("target", "test-classes"))) {
        throw new IllegalArgumentException(
            "Expected %s in target/test-classes of its module, but found it in %s"
                .formatted(test.getName(), classes));
      }
      return new ModuleUnderTest(classes.resolve("../..").normalize());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("Expected a folder, but was " + location, e);
    }
  }

  Path mainClasses() {
    return folder.resolve("target/classes");
  }

  Path testClasses() {
    return folder.resolve("target/test-classes");
  }

  Path golden() {
    return folder.resolve("src/test/golden");
  }
}
