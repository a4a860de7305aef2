/** What the cluster has agreed on: immutable records of persistent, sorted collections. */
@NullMarked
package dev.naru.metadata.image;

import org.jspecify.annotations.NullMarked;
