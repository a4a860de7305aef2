/** What must hold after every event, one small class each, and the truth it is held against. */
@NullMarked
package dev.naru.simulation.invariant;

import org.jspecify.annotations.NullMarked;
