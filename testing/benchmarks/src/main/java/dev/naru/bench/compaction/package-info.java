/** What compaction takes of a node, and what is left of everybody else's time meanwhile. */
@NullMarked
package dev.naru.bench.compaction;

import org.jspecify.annotations.NullMarked;
