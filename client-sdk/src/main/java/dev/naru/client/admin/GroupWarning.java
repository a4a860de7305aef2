package dev.naru.client.admin;

/** Why a list of groups is not whole, such as {@code COORDINATOR_LOADING}. */
public record GroupWarning(String code, String message) {}
