/**
 * The composition root: clocks, dice and threads are born here, and the parts of a node are joined.
 */
@NullMarked
package dev.naru.broker.node;

import org.jspecify.annotations.NullMarked;
