package dev.swarm.core.pki;

/**
 * A certificate, key, request or token that cannot be used. The message is a sentence for the
 * person who supplied it and never holds secret material.
 */
public final class CredentialException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String sentence;

  public CredentialException(String sentence) {
    super(sentence);
    this.sentence = sentence;
  }

  public CredentialException(String sentence, Throwable cause) {
    super(sentence, cause);
    this.sentence = sentence;
  }

  @Override
  public String getMessage() {
    return sentence;
  }
}
