/** Child processes and what they print. */
@NullMarked
package dev.naru.bench.versus.process;

import org.jspecify.annotations.NullMarked;
