/** Requests about services, with the rules for their specs and published ports. */
@NullMarked
package dev.swarm.core.control.service;

import org.jspecify.annotations.NullMarked;
