/** Topics, nodes and the cluster: looking at them and changing them. */
@NullMarked
package dev.naru.client.admin;

import org.jspecify.annotations.NullMarked;
