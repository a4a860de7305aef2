package dev.naru.client.producer;

import dev.naru.types.LeaderEpoch;

/** A partition's leader and the way to it. */
record Route(NodeLink link, LeaderEpoch epoch) {}
