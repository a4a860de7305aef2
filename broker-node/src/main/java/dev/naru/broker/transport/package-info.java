/** Netty and gRPC plumbing without meaning: servers, channels, event loops and their limits. */
@NullMarked
package dev.naru.broker.transport;

import org.jspecify.annotations.NullMarked;
