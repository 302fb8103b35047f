package dev.swarm.cli.node.engineapi.http;

import java.nio.ByteBuffer;

/**
 * A request that is passed on to the engine.
 *
 * @param head what the engine is sent first: the request's head, and its body if that was read here
 * @param toHead it is a HEAD: the reply has no body
 * @param framed the reply is looked at, to see whether and where it ends
 * @param staysOpen the client wants to go on with its connection after that
 * @param lengthUnsaid it may have a body, but says nothing of it
 */
public record PassedRequest(
    ByteBuffer head, boolean toHead, boolean framed, boolean staysOpen, boolean lengthUnsaid) {}
