/** What may befall nodes, disks and links; each proves that it happened. */
@NullMarked
package dev.naru.chaos.fault;

import org.jspecify.annotations.NullMarked;
