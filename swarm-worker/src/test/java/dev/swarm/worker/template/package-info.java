/** Tests of templates on the worker. */
@NullMarked
package dev.swarm.worker.template;

import org.jspecify.annotations.NullMarked;
