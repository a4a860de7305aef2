/** The services for clients: each decodes, asks the partitions or the metadata log, and encodes. */
@NullMarked
package dev.naru.broker.rpc;

import org.jspecify.annotations.NullMarked;
