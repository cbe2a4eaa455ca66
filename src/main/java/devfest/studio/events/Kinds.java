package devfest.studio.events;

/**
 * The kinds of subjects. In the log each has an indexed column, so that the events about one thing
 * are found quickly. Appending an event with a subject of another kind fails.
 */
public final class Kinds {

  public static final String PHOTO = "photo";
  public static final String TRANSFORMATION = "transformation";

  private Kinds() {}
}
