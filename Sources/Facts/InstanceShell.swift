// SPDX-License-Identifier: Apache-2.0

/// How a host's shell asks the instance metadata service (IMDS), by curl alone.
///
/// The rules are those of the native client: version 2 with its token; version 1 where it is allowed and the
/// service does not know tokens; a service that is late is waited for. No answer is believed before its
/// shape is checked, and the token is in no argument that `ps` shows.
package struct InstanceShell: Sendable, Equatable {
  /// Whether a service without tokens (version 1) may be asked.
  package var allowsVersion1: Bool
  /// Seconds to wait for a service that does not answer yet.
  package var patience: Int
  /// Seconds to wait for one answer; twice as long where only the token's does not come.
  package var wait: Int

  package init(allowsVersion1: Bool = true, patience: Int = 30, wait: Int = 2) {
    self.allowsVersion1 = allowsVersion1
    self.patience = patience
    self.wait = wait
  }

  /// Statements that come before the first call.
  package var setting: String {
    """
    imds_allows_1=\(allowsVersion1 ? "yes" : "no") imds_patience=\(patience)
    case ${AWS_EC2_METADATA_V1_DISABLED-} in
      [Tt][Rr][Uu][Ee]) imds_allows_1=no ;;
    esac
    imds_endpoint=${AWS_EC2_METADATA_SERVICE_ENDPOINT:-http://169.254.169.254}
    imds_endpoint=${imds_endpoint%/} imds_version='' imds_header='' imds_wait=\(wait)

    """
  }

  /// Shell functions: `instance` sets `$instance_id`, `_type`, `_zone`, `_region`, `_address`, `_hostname`
  /// and `_networks`, or fails and says in `$why`; `instance_tags` prints the tags for a probe.
  package static let functions = asking + "\n\n" + identity
}
