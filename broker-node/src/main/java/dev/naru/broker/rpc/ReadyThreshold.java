package dev.naru.broker.rpc;

/** When a stream counts as ready for more. */
public final class ReadyThreshold {

  /**
   * Less than this queued. At gRPC's default of 32 KiB a single batch makes a stream unready, and
   * each one waits for a turn of the event loop.
   */
  public static final int BYTES = 512 << 10;

  private ReadyThreshold() {}
}
