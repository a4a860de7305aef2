package dev.naru.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.naru.cli.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplicationFileTest {

  @TempDir Path folder;

  @Test
  void namesTheNodesThatAreAskedFirst() throws IOException {
    var file = file("group.id=billing\nbootstrap.servers = n1:9410,n2:9410 \n");

    assertThat(ApplicationFile.bootstrapServers(file)).isEqualTo("n1:9410,n2:9410");
  }

  @Test
  void refusesWhatIsNoneOrDoesNotSay() throws IOException {
    var silent = file("group.id=billing\n");
    var broken = folder.resolve("broken");
    Files.writeString(broken, "a=\\u12\n");

    for (var file : new Path[] {silent, broken, folder.resolve("none")}) {
      assertThatExceptionOfType(CommandFailure.class)
          .isThrownBy(() -> ApplicationFile.bootstrapServers(file))
          .withMessageContaining(file.toString());
    }
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("application.properties"), text);
  }
}
