package dev.naru.cli.perf;

import dev.naru.client.ProducerRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * The records of one producer, in turn. Without keys there are as many different ones as values,
 * and each is made once; a record is a value, so it can be sent again.
 */
final class LoadRecords {

  private final String topic;
  private final Payloads payloads;
  private final List<ProducerRecord<byte[], byte[]>> keyless = new ArrayList<>();
  private long count;
  private int nextKeyless;

  LoadRecords(String topic, Payloads payloads) {
    this.topic = topic;
    this.payloads = payloads;
    for (int i = 0; i < payloads.valueCount() && !payloads.hasKeys(); i++) {
      keyless.add(ProducerRecord.of(topic, payloads.value(i)));
    }
  }

  ProducerRecord<byte[], byte[]> next() {
    if (keyless.isEmpty()) {
      long number = count++;
      return ProducerRecord.of(topic, payloads.key(number), payloads.value(number));
    }
    var record = keyless.get(nextKeyless++);
    if (nextKeyless == keyless.size()) {
      nextKeyless = 0;
    }
    return record;
  }
}
