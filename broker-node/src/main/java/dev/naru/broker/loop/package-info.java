/**
 * The owners of partitions: few threads, many partitions each, and the queues by which work reaches
 * them.
 */
@NullMarked
package dev.naru.broker.loop;

import org.jspecify.annotations.NullMarked;
