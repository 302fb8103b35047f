/**
 * Docker's own notations, as bytes and text: the name of an image, the frames of a log. Used by the
 * client, the API front and the worker alike.
 */
@NullMarked
package dev.swarm.core.docker;

import org.jspecify.annotations.NullMarked;
