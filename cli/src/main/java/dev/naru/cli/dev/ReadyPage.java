package dev.naru.cli.dev;

import dev.naru.types.HostPort;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Asks a node's HTTP port whether it is ready, without an HTTP client's start-up time. */
final class ReadyPage {

  private static final int LIMIT_MILLIS = 1000;

  private ReadyPage() {}

  static boolean isReady(HostPort address) {
    try (var socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), address.port()), LIMIT_MILLIS);
      socket.setSoTimeout(LIMIT_MILLIS);
      var request = "GET /readyz HTTP/1.0\r\nHost: " + address + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      var answer =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      return Optional.ofNullable(answer.readLine()).orElse("").contains(" 200");
    } catch (IOException e) {
      return false;
    }
  }
}
