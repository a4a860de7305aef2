package dev.naru.broker.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class AccessInterceptorTest {

  @Test
  void knowsAHostByItsAddressWhateverThePort() throws UnknownHostException {
    var address = InetAddress.getByAddress(new byte[] {10, 0, 0, 1});

    assertThat(AccessInterceptor.hostOf(new InetSocketAddress(address, 40_001)))
        .isEqualTo(AccessInterceptor.hostOf(new InetSocketAddress(address, 40_002)))
        .isEqualTo("10.0.0.1");
    assertThat(AccessInterceptor.hostOf(InetSocketAddress.createUnresolved("app", 1)))
        .isEqualTo("app");
    assertThat(AccessInterceptor.hostOf(null)).isEqualTo("null");
  }
}
