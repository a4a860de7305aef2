/** The record batch, magic 2: the one format that clients, disks and followers share. */
@NullMarked
package dev.naru.record;

import org.jspecify.annotations.NullMarked;
