package io.jbuild.registry;

/** How a registry is reached. Anything but {@link #AUTO} is the user's explicit choice. */
public enum HostAccess {
  /** Plain http for localhost, 127.0.0.0/8 and [::1]; https with a valid certificate elsewhere. */
  AUTO,
  /** https with a valid certificate, on localhost too. */
  TLS,
  /** https with any certificate. */
  TLS_UNVERIFIED,
  /** http. */
  PLAIN_HTTP,
  /** {@code --tls-verify=false}: https with any certificate, or http where no TLS is spoken. */
  INSECURE;

  boolean verifiesTls() {
    return this == AUTO || this == TLS;
  }
}
