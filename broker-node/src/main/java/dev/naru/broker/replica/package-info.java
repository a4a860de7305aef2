/**
 * The replication protocol: what leader and follower of one partition decide, without I/O, clock or
 * thread.
 */
@NullMarked
package dev.naru.broker.replica;

import org.jspecify.annotations.NullMarked;
