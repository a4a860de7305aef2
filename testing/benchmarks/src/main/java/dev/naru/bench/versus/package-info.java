/** Naru beside Kafka: the same cases on the same machine, in turn. */
@NullMarked
package dev.naru.bench.versus;

import org.jspecify.annotations.NullMarked;
