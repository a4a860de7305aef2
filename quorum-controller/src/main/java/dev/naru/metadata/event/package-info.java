/**
 * What an accepted command made happen: small facts, each of which changes the image in one way.
 */
@NullMarked
package dev.naru.metadata.event;

import org.jspecify.annotations.NullMarked;
