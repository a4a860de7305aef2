/** Headers that an application makes, by Kafka's names. */
@NullMarked
package dev.naru.kafka.common.header.internals;

import org.jspecify.annotations.NullMarked;
