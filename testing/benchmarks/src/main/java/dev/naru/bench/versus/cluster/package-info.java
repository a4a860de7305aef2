/** A cluster of either system, and the tools that drive it. */
@NullMarked
package dev.naru.bench.versus.cluster;

import org.jspecify.annotations.NullMarked;
