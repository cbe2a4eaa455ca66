package devfest.studio.users;

/** Event: the erasure of a user ends, in the present transaction. */
public record Erased() {}
