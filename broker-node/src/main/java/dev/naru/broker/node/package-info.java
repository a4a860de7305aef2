/** The composition root: the parts of a node are made, joined, and taken down. */
@NullMarked
package dev.naru.broker.node;

import org.jspecify.annotations.NullMarked;
