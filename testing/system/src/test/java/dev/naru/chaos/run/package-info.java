/** Runs: clients at work, faults meanwhile, and at the end a look at everything that is left. */
@NullMarked
package dev.naru.chaos.run;

import org.jspecify.annotations.NullMarked;
