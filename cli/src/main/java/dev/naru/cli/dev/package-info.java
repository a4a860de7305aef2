/** A whole cluster on this machine, one process for each node. */
@NullMarked
package dev.naru.cli.dev;

import org.jspecify.annotations.NullMarked;
