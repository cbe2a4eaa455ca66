package devfest.studio.conference;

/** The organisers have decided, and committed, that attendees see the pictures of others. */
public record Revealed() {}
