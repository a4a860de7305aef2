package dev.naru.kafka.common.header.internals;

import dev.naru.kafka.common.header.Header;
import dev.naru.kafka.common.header.Headers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Headers that may be added to until their record is sent. */
public class RecordHeaders implements Headers {

  private final List<Header> headers = new ArrayList<>();
  private volatile boolean isReadOnly; // set by who sends, read by who adds

  /** Without one. */
  public RecordHeaders() {}

  /** With these. */
  public RecordHeaders(Iterable<Header> headers) {
    headers.forEach(this.headers::add);
  }

  @Override
  public Headers add(Header header) {
    requireOpen();
    headers.add(header);
    return this;
  }

  @Override
  public Headers add(String key, byte @Nullable [] value) {
    return add(new RecordHeader(key, value));
  }

  @Override
  public Headers remove(String key) {
    requireOpen();
    headers.removeIf(header -> header.key().equals(key));
    return this;
  }

  private void requireOpen() {
    if (isReadOnly) {
      throw new IllegalStateException("Expected headers of a record before it is sent, but it was");
    }
  }

  /** Nothing is added any more. */
  public void setReadOnly() {
    isReadOnly = true;
  }

  @Override
  public @Nullable Header lastHeader(String key) {
    for (int i = headers.size() - 1; i >= 0; i--) {
      if (headers.get(i).key().equals(key)) {
        return headers.get(i);
      }
    }
    return null;
  }

  @Override
  public Iterable<Header> headers(String key) {
    return headers.stream().filter(header -> header.key().equals(key)).toList();
  }

  @Override
  public Header[] toArray() {
    return headers.toArray(Header[]::new);
  }

  @Override
  public Iterator<Header> iterator() {
    return isReadOnly ? Collections.unmodifiableList(headers).iterator() : headers.iterator();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RecordHeaders those && headers.equals(those.headers);
  }

  @Override
  public int hashCode() {
    return headers.hashCode();
  }

  @Override
  public String toString() {
    return "RecordHeaders(headers = " + headers + ")";
  }
}
