/** Connections to nodes: gRPC and the generated messages end here. */
@NullMarked
package dev.naru.client.transport;

import org.jspecify.annotations.NullMarked;
