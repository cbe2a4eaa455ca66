/**
 * Plain Java that every package may import: what a rule of the domain refuses, and how texts,
 * instants and digests look everywhere. Imports nothing of the studio.
 */
package devfest.studio.base;
