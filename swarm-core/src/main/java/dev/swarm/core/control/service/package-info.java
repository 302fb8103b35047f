/**
 * Requests about services: the rules for a spec and for published ports, and what a service that is
 * read shows.
 */
@NullMarked
package dev.swarm.core.control.service;

import org.jspecify.annotations.NullMarked;
