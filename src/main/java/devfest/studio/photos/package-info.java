/**
 * Photos: taken in, re-encoded without metadata, kept on disk, listed, served and deleted. A
 * photo's files are written before its row and removed after it, so a row always has its files.
 */
package devfest.studio.photos;
