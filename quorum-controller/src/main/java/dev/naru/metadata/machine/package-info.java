/** The rules: decides commands and evolves the image, the same on every node. */
@NullMarked
package dev.naru.metadata.machine;

import org.jspecify.annotations.NullMarked;
