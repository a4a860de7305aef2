/** Applications of Kafka that change their imports. */
@NullMarked
package dev.naru.kafka;

import org.jspecify.annotations.NullMarked;
