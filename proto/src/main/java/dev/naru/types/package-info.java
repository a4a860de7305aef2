/** Ids, epochs, error codes and the annotations from which reference pages are printed. */
@NullMarked
package dev.naru.types;

import org.jspecify.annotations.NullMarked;
