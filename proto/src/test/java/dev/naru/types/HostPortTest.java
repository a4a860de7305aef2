package dev.naru.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {

  @Test
  void readsNamesAndBothKindsOfAddress() {
    assertThat(HostPort.parse("n1.example:9410")).isEqualTo(new HostPort("n1.example", 9410));
    assertThat(HostPort.parse("127.0.0.1:0")).isEqualTo(new HostPort("127.0.0.1", 0));
    assertThat(HostPort.parse("[::1]:65535")).isEqualTo(new HostPort("::1", 65535));
  }

  @ParameterizedTest
  @ValueSource(strings = {"n1.example:9410", "127.0.0.1:0", "[::1]:9410", "[fe80::1%eth0]:1"})
  void writesWhatItReads(String text) {
    assertThat(HostPort.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "n1",
        ":9410",
        "n1:",
        "n1:x",
        "n1:-1",
        "n1:+1",
        "n1:65536",
        "n1:99999999999",
        "::1:9410",
        "[::1]",
        "[]:9410",
        "[::1:9410",
        "::1]:9410",
        "n1:9410 ",
        " n1:9410",
        "n1: 9410",
        "a/b:1",
        "http://n1:9410"
      })
  void refusesEverythingElse(String text) {
    assertThatThrownBy(() -> HostPort.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Expected host:port")
        .hasMessageContaining("but was");
  }
}
