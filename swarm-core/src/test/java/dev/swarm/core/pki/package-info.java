/** Laws and stories of certificates and tokens. */
@NullMarked
package dev.swarm.core.pki;

import org.jspecify.annotations.NullMarked;
