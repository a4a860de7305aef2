/** Bugs on purpose, to see whether the simulation convicts them. They exist nowhere else. */
@NullMarked
package dev.naru.simulation.planted;

import org.jspecify.annotations.NullMarked;
