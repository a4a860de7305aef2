package dev.naru.metadata.image;

import dev.naru.types.HostPort;

/**
 * Where a node is reached, as advertised: by clients, by other nodes, by Raft, by browsers and
 * scrapers.
 */
public record NodeEndpoints(HostPort client, HostPort internal, HostPort raft, HostPort http) {}
