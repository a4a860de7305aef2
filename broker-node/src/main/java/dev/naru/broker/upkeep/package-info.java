/**
 * What a node does about its logs in the background, partition by partition: retention, compaction,
 * the search for damage and its repair, and the telling of all of it.
 */
@NullMarked
package dev.naru.broker.upkeep;

import org.jspecify.annotations.NullMarked;
