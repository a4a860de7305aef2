/**
 * The judge of a chaos run: what clients did and saw, and what is left at the end, in; a verdict
 * out. Knows no class of the product, so that it cannot share a mistake with it.
 */
@NullMarked
package dev.naru.testing.history;

import org.jspecify.annotations.NullMarked;
