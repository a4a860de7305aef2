/**
 * The only door to files: the {@code Disk} port, its real form, and what is built on nothing else.
 */
@NullMarked
package dev.naru.log.disk;

import org.jspecify.annotations.NullMarked;
