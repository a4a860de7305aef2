package dev.naru.broker.rpc;

import dev.naru.log.salvage.SetAside;

/**
 * What one data directory has set aside.
 *
 * @param word what names of entries carry for the directory
 * @param location where it is, for messages
 */
public record SalvageDirectory(String word, String location, SetAside content) {}
