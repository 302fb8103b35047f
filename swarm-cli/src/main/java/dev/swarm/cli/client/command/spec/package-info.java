/** From flags to the Engine API's JSON: new service specs and edits of existing ones. */
@NullMarked
package dev.swarm.cli.client.command.spec;

import org.jspecify.annotations.NullMarked;
