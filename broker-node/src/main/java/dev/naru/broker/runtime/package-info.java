/** What every part of a node is given: clocks, dice, threads, memory, meters. */
@NullMarked
package dev.naru.broker.runtime;

import org.jspecify.annotations.NullMarked;
