package dev.naru.broker.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.metadata.image.ClusterImage;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class ReleaseTest {

  @Test
  void thisOneKnowsTheRulesOfItsCode() {
    assertThat(Release.ofThisBuild().metadataVersion())
        .isEqualTo(ClusterImage.METADATA_VERSION_LATEST);
    assertThat(Release.ofThisBuild().version()).isEqualTo(Node.VERSION);
  }

  @Test
  void aBuildMaySayThatItKnowsOthers() {
    var described = new Properties();
    described.setProperty("version", "0.2.0");
    described.setProperty("metadata.version", "7");

    assertThat(Release.of(described)).isEqualTo(new Release("0.2.0", 7));
  }

  @Test
  void refusesWhatIsNoMetadataVersion() {
    for (var wrong : new String[] {"0", "-1", "two", ""}) {
      var described = new Properties();
      described.setProperty("metadata.version", wrong);

      assertThatThrownBy(() -> Release.of(described))
          .hasMessageEndingWith("to be a number of at least 1, but was " + wrong);
    }
  }
}
