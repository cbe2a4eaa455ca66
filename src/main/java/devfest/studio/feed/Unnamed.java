package devfest.studio.feed;

/** A state feed whose own stream sends its messages without names, as browsers' onmessage needs. */
public interface Unnamed {}
