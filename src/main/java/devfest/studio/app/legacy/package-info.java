/** The literal paths and aliases that older clients use, mapped to the canonical paths. */
package devfest.studio.app.legacy;
