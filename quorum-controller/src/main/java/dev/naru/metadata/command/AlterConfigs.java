package dev.naru.metadata.command;

import dev.naru.types.NodeId;
import java.util.Optional;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * Changes settings of the cluster or of one node while they run; those that are not named stay as
 * they are.
 *
 * @param node empty: of the cluster, that is of topics and of all nodes
 * @param set new values as the user wrote them, by name
 * @param unset names of settings for which what lies below is to hold again
 * @param expected what must be set of it now, for anything to change; empty: it may be anything
 * @param principal who asks; empty: a node of the cluster by itself
 */
public record AlterConfigs(
    Optional<NodeId> node,
    TreePMap<String, String> set,
    TreePSet<String> unset,
    Optional<TreePMap<String, String>> expected,
    String principal)
    implements MetadataCommand {}
