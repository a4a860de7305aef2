package dev.naru.log.disk;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A file in two layers: what reads see, and what a power loss leaves for certain. Between them lie
 * the writes and cuts since the last force, each of which may or may not have come to the platter.
 */
final class CrashableFile implements CrashableNode {

  private final FileContent now;
  private final FileContent durable;
  private final List<Change> pending = new ArrayList<>();

  private sealed interface Change {}

  @SuppressWarnings("ArrayRecordComponent") // nobody compares it, or changes the bytes
  private record Write(int position, byte[] bytes) implements Change {}

  private record Cut(int size) implements Change {}

  private CrashableFile(FileContent now, FileContent durable) {
    this.now = now;
    this.durable = durable;
  }

  static CrashableFile durable(byte[] content) {
    return new CrashableFile(new FileContent(content), new FileContent(content));
  }

  void write(int position, byte[] written) {
    now.put(position, written, 0, written.length);
    pending.add(new Write(position, written));
  }

  /** Whether these bytes are others than those that lie there before the end. */
  boolean differsFrom(int position, byte[] bytes) {
    int overlap = Math.min(bytes.length, now.size() - position);
    return overlap > 0
        && !Arrays.equals(now.bytes(), position, position + overlap, bytes, 0, overlap);
  }

  void cut(int newSize) {
    now.cut(newSize);
    pending.add(new Cut(newSize));
  }

  void rot(int position, int bits) {
    for (FileContent layer : List.of(now, durable)) {
      if (position < layer.size()) {
        byte rotten = (byte) (layer.bytes()[position] ^ bits);
        layer.put(position, new byte[] {rotten}, 0, 1);
      }
    }
  }

  void force() {
    for (var change : pending) {
      switch (change) {
        case Cut(int newSize) -> durable.cut(Math.min(durable.size(), newSize));
        case Write(int position, byte[] written) ->
            durable.put(position, written, 0, written.length);
      }
    }
    pending.clear();
  }

  /**
   * What a failed force may do: the pages count as clean, though nothing of them is on the platter.
   */
  void loseForce() {
    pending.clear();
  }

  int unforced() {
    return pending.size();
  }

  byte[] bytes() {
    return now.bytes();
  }

  int size() {
    return now.size();
  }

  int read(ByteBuffer into, int position) {
    return now.read(into, position);
  }

  /** What is there after the power came back. */
  byte[] afterPowerLoss(PowerLoss loss, RandomGenerator random) {
    var survivor = new FileContent(durable.bytes());
    int kept = loss.keptOf(pending.size(), random);
    for (int i = 0; i < pending.size(); i++) {
      if (loss.keeps(i, kept, random)) {
        apply(pending.get(i), survivor, loss, random);
      }
    }
    int length = loss.length(survivor.size(), size(), random);
    if (length > survivor.size()) {
      survivor.put(length - 1, new byte[1], 0, 1); // the length came to disk, the bytes did not
    }
    return survivor.bytes();
  }

  private static void apply(Change change, FileContent to, PowerLoss loss, RandomGenerator random) {
    switch (change) {
      case Cut(int newSize) -> to.cut(Math.min(to.size(), newSize));
      case Write(int position, byte[] written) -> {
        int sector = loss.sectorBytes(random);
        int at = 0;
        while (at < written.length) {
          int end = Math.min(written.length, (position + at) / sector * sector + sector - position);
          if (loss.keepsSector(random)) {
            to.put(position + at, written, at, end);
          }
          at = end;
        }
      }
    }
  }
}
