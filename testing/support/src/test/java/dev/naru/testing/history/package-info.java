/** Tests of the judge: what it must convict, and what it must let pass. */
@NullMarked
package dev.naru.testing.history;

import org.jspecify.annotations.NullMarked;
