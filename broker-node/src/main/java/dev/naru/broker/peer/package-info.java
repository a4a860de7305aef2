/**
 * Node to node: the replication streams, the controller's calls, heartbeats, forwarded commands.
 */
@NullMarked
package dev.naru.broker.peer;

import org.jspecify.annotations.NullMarked;
