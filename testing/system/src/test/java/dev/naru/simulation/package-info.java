/**
 * A cluster of production cores on virtual time: what it does follows from a seed, and is checked
 * after every event.
 */
@NullMarked
package dev.naru.simulation;

import org.jspecify.annotations.NullMarked;
