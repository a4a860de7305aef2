package dev.naru.log.disk;

import java.io.IOException;
import java.nio.file.Path;

/** A process that locks a directory, says so, and waits to be killed. */
final class LockHolder {

  private LockHolder() {}

  public static void main(String[] args) throws IOException {
    NioDisk.at(Path.of(args[0])).lock().ifPresent(refused -> System.out.println(refused.reason()));
    System.out.println("locked");
    int ignored = System.in.read();
  }
}
