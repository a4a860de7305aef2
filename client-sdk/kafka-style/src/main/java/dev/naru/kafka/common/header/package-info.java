/** Headers of records, by Kafka's names. */
@NullMarked
package dev.naru.kafka.common.header;

import org.jspecify.annotations.NullMarked;
