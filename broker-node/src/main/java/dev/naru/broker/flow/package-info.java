/** What a connection may hold of a node's memory, counted before anything is taken in. */
@NullMarked
package dev.naru.broker.flow;

import org.jspecify.annotations.NullMarked;
