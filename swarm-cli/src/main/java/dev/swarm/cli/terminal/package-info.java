/**
 * Terminal output that both halves of the program share: flags and help pages, exit codes, and a
 * clock to wait by.
 */
@NullMarked
package dev.swarm.cli.terminal;

import org.jspecify.annotations.NullMarked;
