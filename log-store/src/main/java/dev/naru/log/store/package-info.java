/** All logs of a node: its data directories, the group commit, the checkpoints. */
@NullMarked
package dev.naru.log.store;

import org.jspecify.annotations.NullMarked;
