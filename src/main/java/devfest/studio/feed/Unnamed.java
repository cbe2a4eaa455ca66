package devfest.studio.feed;

/** A state feed whose own stream sends unnamed messages, for clients that use {@code onmessage}. */
public interface Unnamed {}
