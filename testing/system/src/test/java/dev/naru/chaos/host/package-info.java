/** Nodes as processes, each with a disk and a place in a network of its own, and their switches. */
@NullMarked
package dev.naru.chaos.host;

import org.jspecify.annotations.NullMarked;
