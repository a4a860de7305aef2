package dev.naru.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.types.ErrorCode;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MissingLibraryTest {

  @ParameterizedTest
  @CsvSource({
    "SNAPPY, org.xerial.snappy, org.xerial.snappy:snappy-java",
    "LZ4, net.jpountz, at.yawk.lz4:lz4-java",
    "ZSTD, com.github.luben.zstd, com.github.luben:zstd-jni"
  })
  void isNamedWhenItsCodecIsAskedForAndOtherCodecsWork(
      String codec, String hiddenPackage, String artifact) throws Exception {
    Class<?> compression =
        new WithoutPackage(hiddenPackage).loadClass("dev.naru.record.Compression");

    for (Object each : compression.getEnumConstants()) {
      var refused = (Optional<?>) compression.getMethod("unsupported").invoke(each);
      if (each.toString().equals(codec)) {
        assertThat(refused.map(Object::toString).orElseThrow())
            .startsWith(
                ErrorCode.UNSUPPORTED_COMPRESSION
                    + ": Expected "
                    + artifact
                    + " on the class path");
      } else {
        assertThat(refused).isEmpty();
      }
    }
  }

  /** Loads this package and the ids anew, in a world where another package does not exist. */
  private static final class WithoutPackage extends ClassLoader {

    private final String hidden;

    WithoutPackage(String hidden) {
      super(MissingLibraryTest.class.getClassLoader());
      this.hidden = hidden;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith(hidden)) {
        throw new ClassNotFoundException(name);
      }
      if (!name.startsWith("dev.naru.record")) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : define(name);
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      String path = name.replace('.', '/') + ".class";
      try (var stream = getParent().getResourceAsStream(path)) {
        if (stream == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] bytes = stream.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
