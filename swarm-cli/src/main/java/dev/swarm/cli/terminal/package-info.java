/**
 * What both halves of the program show a person in the same way: flags and help pages, exit codes,
 * and a clock to wait by.
 */
@NullMarked
package dev.swarm.cli.terminal;

import org.jspecify.annotations.NullMarked;
